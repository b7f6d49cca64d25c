#include "mj/assess/section.hpp"

#include "mj/assess/rules_in_force.hpp"
#include "mj/assess/water_class.hpp"

namespace mj::assess {
namespace {

constexpr int kWorst = 6;

/// "1 2" holds "2".
bool lists(std::string_view words, int value) {
  return words.find(static_cast<char>('0' + value)) != std::string_view::npos;
}

Decimal half(Decimal value) { return {value.mantissa * 5, static_cast<std::uint8_t>(value.decimals + 1)}; }

}  // namespace

Result<SectionRules> SectionRules::load(const standards::StandardSet& standards, Instant at,
                                        std::string_view edition) {
  SectionRules rules;
  for (const standards::WaterStandard& standard : standards.water_editions()) {
    const bool named = !edition.empty() && standard.edition.id == edition;
    if (named || (edition.empty() && standard.edition.validity.contains(at))) rules.standard = &standard;
    if (named && standard.edition.validity.contains(at)) break;
  }
  if (rules.standard == nullptr) {
    return Error(ErrorCode::not_found,
                 edition.empty() ? fmt::format("no surface-water standard was in force at {}", to_iso(at))
                                 : fmt::format("there is no surface-water standard \"{}\"", edition));
  }
  MJ_TRY(const Parameters numbers, Parameters::of(standards, "water_status", at));
  MJ_TRY(rules.reference_class, numbers.integer("reference_class"));
  MJ_TRY(const int most, numbers.integer("main_pollutants"));
  MJ_TRY(const int few, numbers.integer("few_sections"));
  MJ_TRY(const int exceed, numbers.integer("exceed_multiple_decimals"));
  MJ_TRY(const int share, numbers.integer("share_decimals"));
  rules.main_pollutants = static_cast<std::size_t>(most);
  rules.few_sections = static_cast<std::size_t>(few);
  rules.exceed_decimals = static_cast<std::uint8_t>(exceed);
  rules.share_decimals = static_cast<std::uint8_t>(share);
  for (const auto* row : rows_in_force(standards, "water_priority", at))
    rules.priority.emplace_back(row->text("item"));
  for (const auto* row : rows_in_force(standards, "water_status", at)) rules.status.push_back(*row);
  return rules;
}

SectionVerdict judge_section(const SectionRules& rules, std::span<const SectionValue> values,
                             bool oxygen_saturated) {
  SectionVerdict verdict;
  const auto reference = static_cast<std::size_t>(rules.reference_class) - 1;
  for (const SectionValue& value : values) {
    const standards::WaterItem& item = *value.item;
    ItemVerdict part;
    part.item = &item;
    const Decimal counted = value.below_detection ? half(value.value) : value.value;
    part.judged = item.decimals ? round_gb8170(counted, *item.decimals) : counted;
    part.value = item_class(item, counted);
    part.takes_part = item.basic;
    part.unsuitable = value.below_detection && item_class(item, value.value) > part.value;
    if (oxygen_saturated && item.rule == standards::WaterRule::at_least) part.value = 1;
    if (item.rule == standards::WaterRule::at_most && part.value > rules.reference_class) {
      const Exact limit = item.limits[reference];
      part.exceed = ((Exact(part.judged) - limit) / limit).round(rules.exceed_decimals);
    }
    verdict.verification = std::max(verdict.verification, item.verification);
    if (part.takes_part) {
      verdict.value = std::max(verdict.value, part.value);
      if (part.value > rules.reference_class) verdict.worse.push_back(verdict.parts.size());
    }
    verdict.parts.push_back(std::move(part));
  }
  for (const ItemVerdict& part : verdict.parts) {
    if (part.takes_part && part.value == verdict.value && verdict.value > 1)
      verdict.deciding.push_back(part.item->item);
  }
  std::sort(verdict.worse.begin(), verdict.worse.end(), [&](std::size_t a, std::size_t b) {
    const ItemVerdict& left = verdict.parts[a];
    const ItemVerdict& right = verdict.parts[b];
    if (left.value != right.value) return left.value > right.value;
    const Decimal none{-1, 0};
    const int order = compare(left.exceed.value_or(none), right.exceed.value_or(none));
    return order != 0 ? order > 0 : a < b;
  });
  for (const bool priority : {true, false}) {
    for (const std::size_t place : verdict.worse) {
      const auto found = std::find(rules.priority.begin(), rules.priority.end(), verdict.parts[place].item->item);
      if ((found != rules.priority.end()) == priority) verdict.main.push_back(place);
    }
  }
  verdict.main.resize(std::min(verdict.main.size(), rules.main_pollutants));
  return verdict;
}

std::string_view class_name(int value) {
  static constexpr std::array<std::string_view, 7> kNames{"", "I", "II", "III", "IV", "V", "劣V"};
  return value >= 0 && value <= kWorst ? kNames[static_cast<std::size_t>(value)] : std::string_view();
}

std::optional<int> parse_class(std::string_view word) {
  static constexpr std::array<std::array<std::string_view, 3>, 6> kWords{{{"I", "Ⅰ", "1"},
                                                                          {"II", "Ⅱ", "2"},
                                                                          {"III", "Ⅲ", "3"},
                                                                          {"IV", "Ⅳ", "4"},
                                                                          {"V", "Ⅴ", "5"},
                                                                          {"劣V", "劣Ⅴ", "6"}}};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (std::find(kWords[i].begin(), kWords[i].end(), word) != kWords[i].end()) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

const standards::RuleRow* status_of_section(const SectionRules& rules, int value) {
  for (const standards::RuleRow& row : rules.status) {
    if (value > 0 && row.text("scope") == "section" && lists(row.text("classes"), value)) return &row;
  }
  return nullptr;
}

const standards::RuleRow* status_of_basin(const SectionRules& rules, std::int64_t good, std::int64_t bad,
                                          std::int64_t all) {
  if (all <= 0) return nullptr;
  const Exact good_share = Exact::of(good, all);
  const Exact bad_share = Exact::of(bad, all);
  const auto fits = [](const Exact& share, std::optional<Decimal> least, std::optional<Decimal> below) {
    return (!least || Exact::compare(share, *least).value_or(-1) >= 0) &&
           (!below || Exact::compare(share, *below).value_or(1) < 0);
  };
  for (const standards::RuleRow& row : rules.status) {
    if (row.text("scope") == "basin" && fits(good_share, row.number("good_min"), row.number("good_below")) &&
        fits(bad_share, row.number("bad_min"), row.number("bad_below")))
      return &row;
  }
  return nullptr;
}

}  // namespace mj::assess
