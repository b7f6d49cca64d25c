#include "mj/assess/other_water.hpp"

namespace mj::assess {
namespace {

constexpr std::array<std::string_view, 4> kClasses{"I", "II", "III", "IV"};
constexpr int kWorst = 5;

/// "6.5~8.5", "5.5~<6.5", ">8.5~9.0".
bool in_band(std::string_view band, Decimal value) {
  const std::size_t tilde = band.find('~');
  if (tilde == std::string_view::npos) return false;
  std::string_view low = band.substr(0, tilde);
  std::string_view high = band.substr(tilde + 1);
  const bool low_open = low.starts_with('>');
  const bool high_open = high.starts_with('<');
  low.remove_prefix(low_open ? 1 : 0);
  high.remove_prefix(high_open ? 1 : 0);
  const auto from = parse_decimal(low);
  const auto to = parse_decimal(high);
  if (!from || !to) return false;
  const int above = compare(value, *from);
  const int below = compare(value, *to);
  return (low_open ? above > 0 : above >= 0) && (high_open ? below < 0 : below <= 0);
}

bool in_bands(std::string_view bands, Decimal value) {
  while (!bands.empty()) {
    const std::size_t end = std::min(bands.find(';'), bands.size());
    if (in_band(bands.substr(0, end), value)) return true;
    bands.remove_prefix(std::min(end + 1, bands.size()));
  }
  return false;
}

}  // namespace

std::optional<int> groundwater_class(const standards::RuleRow& row, std::string_view text) {
  const std::string_view rule = row.text("rule");
  if (rule == "word") {
    for (std::size_t i = 0; i < kClasses.size(); ++i) {
      if (row.text(kClasses[i]) == text) return static_cast<int>(i) + 1;
    }
    return text == "有" || text == "无" ? std::optional(kWorst) : std::nullopt;
  }
  const bool below = text == "ND" || text == "未检出" || text.ends_with('L') || text.starts_with('<');
  if (text.ends_with('L')) text.remove_suffix(1);
  if (text.starts_with('<')) text.remove_prefix(1);
  auto value = text == "ND" || text == "未检出" ? std::optional(Decimal{}) : parse_decimal(text);
  if (!value) return std::nullopt;
  if (below) value = Decimal{value->mantissa * 5, static_cast<std::uint8_t>(value->decimals + 1)};
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    const std::string_view cell = row.text(kClasses[i]);
    // "ND" is met by what was not detected; an open bound (">0.5") is not met without more knowledge.
    const auto limit = parse_decimal(cell);
    const bool met = rule == "range" ? in_bands(cell, *value)
                     : cell == "ND"  ? below
                                     : limit && compare(*value, *limit) <= 0;
    if (met) return static_cast<int>(i) + 1;
  }
  return kWorst;
}

int black_odorous_grade(const standards::RuleRow& row, Decimal value) {
  const bool lower_is_worse = row.text("rule") == "at_least";
  const auto beyond = [&](Decimal bound) {
    const int order = compare(value, bound);
    return lower_is_worse ? order < 0 : order > 0;
  };
  const Decimal light = row.decimal("light");
  if (beyond(row.decimal("heavy"))) return 2;
  return beyond(light) || compare(value, light) == 0 ? 1 : 0;
}

SourceVerdict judge_source_item(const SectionRules& rules, const standards::RuleRow& row, Decimal value) {
  SourceVerdict verdict;
  verdict.row = &row;
  const Decimal limit = row.decimal("limit");
  verdict.compliant = compare(value, limit) <= 0;
  if (!verdict.compliant) verdict.exceed = ((Exact(value) - limit) / limit).round(rules.exceed_decimals);
  return verdict;
}

}  // namespace mj::assess
