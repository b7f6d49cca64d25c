#include "words.hpp"
#include "mj/standards/factor.hpp"
#include "mj/standards/source.hpp"

namespace mj::standards {
namespace {

template <typename Word>
struct Spelling {
  Word word;
  std::string_view text;
};

template <typename Word, std::size_t N>
std::optional<Word> find(const std::array<Spelling<Word>, N>& spellings, std::string_view text) {
  for (const auto& spelling : spellings) {
    if (spelling.text == text) return spelling.word;
  }
  return std::nullopt;
}

template <typename Word, std::size_t N>
std::string_view spell(const std::array<Spelling<Word>, N>& spellings, Word word) {
  for (const auto& spelling : spellings) {
    if (spelling.word == word) return spelling.text;
  }
  return "";
}

constexpr std::array kVerifications{Spelling<Verification>{Verification::verified, "VERIFIED"},
                                    Spelling<Verification>{Verification::third_party, "THIRD_PARTY"},
                                    Spelling<Verification>{Verification::inferred, "INFERRED"},
                                    Spelling<Verification>{Verification::unverified, "UNVERIFIED"}};

constexpr std::array kConditions{Spelling<Condition>{Condition::normal, "normal"},
                                 Spelling<Condition>{Condition::stopped, "stopped"},
                                 Spelling<Condition>{Condition::maintenance, "maintenance"},
                                 Spelling<Condition>{Condition::manual, "manual"},
                                 Spelling<Condition>{Condition::fault, "fault"},
                                 Spelling<Condition>{Condition::calibration, "calibration"},
                                 Spelling<Condition>{Condition::over_range, "over_range"},
                                 Spelling<Condition>{Condition::communication, "communication"},
                                 Spelling<Condition>{Condition::banked, "banked"},
                                 Spelling<Condition>{Condition::power_failure, "power_failure"},
                                 Spelling<Condition>{Condition::start_up, "start_up"},
                                 Spelling<Condition>{Condition::shut_down, "shut_down"},
                                 Spelling<Condition>{Condition::no_data, "no_data"},
                                 Spelling<Condition>{Condition::unknown, "unknown"}};

constexpr std::array kSchemes{Spelling<FlagScheme>{FlagScheme::hj212_2017, "hj212_2017"},
                              Spelling<FlagScheme>{FlagScheme::hj212_2005, "hj212_2005"},
                              Spelling<FlagScheme>{FlagScheme::hj212_2025, "hj212_2025"},
                              Spelling<FlagScheme>{FlagScheme::hj75_2017, "hj75_2017"}};

constexpr std::array kBodies{Spelling<WaterBody>{WaterBody::river, "river"},
                             Spelling<WaterBody>{WaterBody::lake, "lake"}};

constexpr std::array kRules{Spelling<WaterRule>{WaterRule::at_most, "at_most"},
                            Spelling<WaterRule>{WaterRule::at_least, "at_least"},
                            Spelling<WaterRule>{WaterRule::range, "range"}};

constexpr std::array kAboveTop{Spelling<AboveTop>{AboveTop::hold, "hold"},
                               Spelling<AboveTop>{AboveTop::leave, "leave"}};

}  // namespace

std::string_view name(Verification state) { return spell(kVerifications, state); }
std::optional<Verification> parse_verification(std::string_view word) { return find(kVerifications, word); }
std::string_view name(Condition condition) { return spell(kConditions, condition); }
std::optional<Condition> parse_condition(std::string_view word) { return find(kConditions, word); }
std::optional<FlagScheme> parse_flag_scheme(std::string_view word) { return find(kSchemes, word); }
FlagScheme flag_scheme(hj212::Dialect dialect) {
  switch (dialect) {
    case hj212::Dialect::v2005: return FlagScheme::hj212_2005;
    case hj212::Dialect::v2025: return FlagScheme::hj212_2025;
    case hj212::Dialect::v2017:
    case hj212::Dialect::unknown: return FlagScheme::hj212_2017;
  }
  return FlagScheme::hj212_2017;
}
std::optional<WaterBody> parse_water_body(std::string_view word) { return find(kBodies, word); }
std::optional<WaterRule> parse_water_rule(std::string_view word) { return find(kRules, word); }
std::optional<AboveTop> parse_above_top(std::string_view word) { return find(kAboveTop, word); }

}  // namespace mj::standards
