#include "area_form.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "byte_scan.hpp"
#include "command_index.hpp"
#include "fields.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/text.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kMaxFactors = 128;  // runs of one factor compared one by one; a legal area holds at most 73

/// Upper-case codes are not those of the tables, but they are understood.
FactorCode factor_in_any_case(const Protocol& protocol, std::string_view code, bool& other_case) {
  const FactorCode found = protocol.factor(code);
  std::array<char, 8> lower{};
  if (found != FactorCode::unknown || code.size() > lower.size()) return found;
  std::transform(code.begin(), code.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::string_view spelled(lower.data(), code.size());
  if (spelled == code) return found;
  const FactorCode again = protocol.factor(spelled);
  other_case = again != FactorCode::unknown;
  return again;
}

class AreaExamination {
 public:
  AreaExamination(std::string_view area, const std::vector<Field>& fields, const Command* command,
                  const Protocol& protocol, Dialect dialect, Deviations& deviations)
      : area_(area),
        fields_(fields),
        command_(command),
        protocol_(protocol),
        dialect_(dialect == Dialect::unknown ? Dialect::v2017 : dialect),
        deviations_(deviations) {
    if (command_ != nullptr) index_ = &protocol_.index_of(*command_);
  }

  AreaHabits run() {
    text();
    std::string_view factor;
    std::uint64_t bits = 0;
    for (const Field& field : fields_) {
      if (field.factor.empty()) {
        factor = {};
        bare(field);
        continue;
      }
      const KeyRule& found = rule_of(field);
      const std::uint64_t these = packed(field.factor);
      if (these != bits || field.factor.size() != factor.size() || (factor.size() > 8 && field.factor != factor)) {
        factor = field.factor;
        bits = these;
        keys_of_factor_ = 0;
        begin_factor(factor, bits, found.rule);
      }
      of_factor(field, found);
    }
    if (maybe_repeated_) find_repeated();
    required();
    return habits_;
  }

 private:
  void note(Deviation deviation) { hj212::note(deviations_, deviation); }

  void text() {
    const ByteKinds kinds = byte_kinds(area_);
    habits_.ascii = kinds.ascii;
    if (!habits_.ascii && !is_utf8(area_)) note(Deviation::foreign_text);
    if (area_.empty()) return;
    if (kinds.blanks && Places<' ', '\t', '\r', '\n'>(area_).next() < area_.size()) blanks();
    const std::string_view trimmed = trim(area_);
    if (!trimmed.empty() && is_separator(trimmed.back())) note(Deviation::trailing_separator);
  }

  void blanks() {
    const auto blank_at = [this](const char* at) {
      return at >= area_.data() && at < area_.data() + area_.size() && is_blank(*at);
    };
    const auto blank_around = [&blank_at](std::string_view part) {
      return part.data() != nullptr && (blank_at(part.data() - 1) || blank_at(part.data() + part.size()));
    };
    const bool found = std::any_of(fields_.begin(), fields_.end(), [&blank_around](const Field& field) {
      return blank_around(field.factor) || blank_around(field.key) || blank_around(field.value);
    });
    if (found || trim(area_).empty()) note(Deviation::blank);
  }

  /// The rule of a field, by its exact name or else in another case; valid until the next call.
  const KeyRule& rule_of(const Field& field) {
    const FieldRule* rule = nullptr;
    if (command_ != nullptr) {
      const std::uint64_t key = packed(field.key);
      const KeyRule* quick =
          field.factor.empty() ? index_->bare(field.key, key) : index_->of_factor(field.key, key);
      if (quick != nullptr) return *quick;
      rule = command_->rule(field.factor, field.key);
      if (rule == nullptr) rule = rule_in_other_case(field);
    }
    other_.rule = rule;
    other_.bit = rule == nullptr ? 0 : CommandIndex::bit_of(*command_, rule);
    other_.is_flag = rule == nullptr ? same_name(field.key, "Flag") : rule->key == "*-Flag";
    return other_;
  }

  const FieldRule* rule_in_other_case(const Field& field) {
    for (const FieldRule& rule : command_->fields) {
      const std::size_t dash = rule.key.find('-');
      const std::string_view key =
          dash == std::string::npos ? rule.key : std::string_view(rule.key).substr(dash + 1);
      if ((dash == std::string::npos) == field.factor.empty() && same_name(key, field.key)) {
        note(Deviation::name_case);
        return &rule;
      }
    }
    return nullptr;
  }

  void bare(const Field& field) {
    if (same_name(field.key, "Flag")) return note(Deviation::flag_in_area);
    if (same_name(field.key, "PNUM") || same_name(field.key, "PNO")) return note(Deviation::numbers_in_area);
    const KeyRule& found = rule_of(field);
    const FieldRule* const rule = found.rule;
    if (field.key == "QN") {
      habits_.qn = true;
      if (dialect_ != Dialect::v2005) note(Deviation::qn_in_area);
      if (rule == nullptr) return;
    }
    if (field.value.empty()) note(Deviation::empty_value);
    if (rule == nullptr) {
      if (command_ != nullptr) note(Deviation::field_unknown);
      maybe_repeated_ |= unknown_bare_;
      unknown_bare_ = true;
    } else {
      if ((seen_ & found.bit) != 0 && !rule->repeatable) note(Deviation::repeated_key);
      seen_ |= found.bit;
    }
    if (same_name(field.key, "DataTime")) return data_time(field.value);
    if (field.value.empty()) return;
    if (same_name(field.key, "PolId")) code(field.value);
    if (rule != nullptr && !rule->accepts(field.value)) note(Deviation::value_shape);
  }

  void data_time(std::string_view value) {
    const bool readable = parse_compact(value).has_value();
    if (readable && value.size() == 14) {
      habits_.data_time = DataTimeVariant::digits_14;
      return;
    }
    habits_.data_time = readable ? DataTimeVariant::fraction : DataTimeVariant::other;
    note(Deviation::data_time_shape);
  }

  void begin_factor(std::string_view factor, std::uint64_t bits, const FieldRule* rule) {
    // Most factors are new, and one bit of sixty-four tells it of most of them.
    const std::uint64_t mark = std::uint64_t{1} << ((bits * 0x9E3779B97F4A7C15U) >> 58U);
    const std::uint64_t* begin = factors_.data();
    const std::uint64_t* end = begin + factor_count_;
    maybe_repeated_ |=
        factor_count_ == kMaxFactors || ((marks_ & mark) != 0 && std::find(begin, end, bits) != end);
    marks_ |= mark;
    if (factor_count_ < kMaxFactors) factors_[factor_count_++] = bits;
    // Which table a name belongs to is said by the rules of the command: `SB*-RS` is no factor, `i*-Info` an info code.
    const char kind = rule != nullptr ? rule->key.front() : factor.front() == 'i' ? 'i' : '*';
    if (kind == '*') code(factor);
    if (kind == 'i' && protocol_.info(factor) == nullptr) note(Deviation::factor_unknown);
  }

  void code(std::string_view code) {
    bool other_case = false;
    const FactorCode found = factor_in_any_case(protocol_, code, other_case);
    if (other_case) note(Deviation::name_case);
    switch (found) {
      case FactorCode::current: habits_.current_codes = true; break;
      case FactorCode::old:
        habits_.old_codes = true;
        if (dialect_ != Dialect::v2005) note(Deviation::factor_old);
        break;
      case FactorCode::unknown: note(Deviation::factor_unknown); break;
    }
  }

  void of_factor(const Field& field, const KeyRule& found) {
    const FieldRule* const rule = found.rule;
    if (rule == nullptr) {
      if (command_ != nullptr) note(Deviation::field_unknown);
      maybe_repeated_ |= unknown_of_factor_;
      unknown_of_factor_ = true;
    } else {
      // `*-i*` is a rule for many keys: whether one comes again is looked at more closely.
      if ((keys_of_factor_ & found.bit) != 0) maybe_repeated_ = true;
      keys_of_factor_ |= found.bit;
      seen_ |= found.bit;
    }
    if (field.value.empty()) return note(Deviation::empty_value);
    if (found.is_flag) return flag(field.value);
    if (rule == nullptr || (found.any_number && is_any_number(field.value))) return;
    if (!rule->accepts(field.value)) note(Deviation::value_shape);
    if (rule->key.front() != 'i') return;
    const CodeWord* info = protocol_.info(field.factor);
    if (info != nullptr && info->type && !info->type->accepts(field.value)) note(Deviation::value_shape);
  }

  void flag(std::string_view value) {
    if (value.size() == 1 && value.front() == known_flag_) return;
    if (value.size() == 1) known_flag_ = value.front();
    if (!protocol_.knows_flag(value, dialect_)) note(Deviation::data_flag_unknown);
  }

  /// Whether the same key of the same factor stands twice; only asked when something speaks for it.
  void find_repeated() {
    std::vector<std::tuple<std::string_view, std::string_view>> names;
    names.reserve(fields_.size());
    for (const Field& field : fields_) {
      const FieldRule* rule =
          command_ == nullptr || !field.factor.empty() ? nullptr : command_->rule(field.factor, field.key);
      if (rule == nullptr || !rule->repeatable) names.emplace_back(field.factor, field.key);
    }
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end()) note(Deviation::repeated_key);
  }

  void required() {
    if (command_ == nullptr || index_->all_required(seen_)) return;
    for (const FieldRule& rule : command_->fields) {
      if (!rule.required || (seen_ & CommandIndex::bit_of(*command_, &rule)) != 0) continue;
      if (rule.key == "DataTime") {
        habits_.data_time = DataTimeVariant::missing;
        note(Deviation::data_time_missing);
      } else {
        note(Deviation::field_missing);
      }
    }
  }

  std::string_view area_;
  const std::vector<Field>& fields_;
  const Command* command_;
  const Protocol& protocol_;
  Dialect dialect_;
  Deviations& deviations_;
  AreaHabits habits_;

  const CommandIndex* index_ = nullptr;  ///< of the command
  KeyRule other_;                        ///< a rule that was not found by its key
  std::uint64_t marks_ = 0;              ///< one bit of each factor seen
  std::array<std::uint64_t, kMaxFactors> factors_;
  std::size_t factor_count_ = 0;
  std::uint64_t seen_ = 0;            ///< rules that some field met
  std::uint64_t keys_of_factor_ = 0;  ///< the same within the run of the factor at hand
  bool unknown_bare_ = false;
  bool unknown_of_factor_ = false;
  bool maybe_repeated_ = false;
  char known_flag_ = '\0';  ///< the one looked up last
};

}  // namespace

AreaHabits examine_area(std::string_view area, const std::vector<Field>& fields, const Command* command,
                        const Protocol& protocol, Dialect dialect, Deviations& deviations) {
  return AreaExamination(area, fields, command, protocol, dialect, deviations).run();
}

}  // namespace mj::hj212
