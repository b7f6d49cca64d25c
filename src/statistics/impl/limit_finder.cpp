#include "limit_finder.hpp"

#include <limits>

#include "element_limits.hpp"

namespace mj::statistics {
namespace {

/// "按 … 判定", or why nothing was judged.
std::pair<std::string, std::string> in_words(const LimitInForce& limit) {
  if (limit.upper || limit.lower) {
    if (limit.chosen.zh.empty()) return {"按 " + limit.source + " 判定", "judged by " + limit.source};
    return {fmt::format("按 {}（{}）判定", limit.source, limit.chosen.zh),
            fmt::format("judged by {}, {}", limit.source, limit.chosen.en)};
  }
  if (limit.missing.zh.empty()) return {"没有适用限值，未判定", "without a limit in force, not judged"};
  return {fmt::format("没有适用限值，未判定：{}；请给出阈值", limit.missing.zh),
          fmt::format("without a limit, not judged: {}; give a threshold", limit.missing.en)};
}

}  // namespace

LimitInForce no_limit() {
  LimitInForce none;
  none.until = Instant::from_ms(std::numeric_limits<std::int64_t>::max());
  return none;
}

LimitInForce no_limit(std::string zh, std::string en) {
  LimitInForce none = no_limit();
  none.missing = {std::move(zh), std::move(en)};
  return none;
}

void narrow(Instant& until, Instant at, const standards::Validity& validity) {
  if (validity.from > at) until = std::min(until, validity.from);
  if (validity.to && *validity.to > at) until = std::min(until, *validity.to);
}

void cite(LimitInForce& limit, std::string_view edition, std::string_view clause,
          const standards::Validity& validity, standards::Verification verification) {
  limit.source = fmt::format("{} ({})", clause.empty() ? edition : clause, standards::name(verification));
  limit.edition = edition;
  limit.clause = clause;
  limit.validity = validity;
  limit.verification = verification;
}

void cite(LimitInForce& limit, const standards::RuleRow& row) {
  cite(limit, row.edition, row.clause, row.validity, row.verification);
}

std::string item_of(const standards::StandardSet& standards, std::string_view table, std::string_view factor) {
  for (const standards::RuleRow& row : standards.rules("item_factors")) {
    if (row.text("table") == table && row.text("factor") == factor) return std::string(row.text("item"));
  }
  return std::string(factor);
}

int most_grade(std::string_view element) {
  if (element == "air") return 2;
  if (element == "surface_water") return 5;
  return element == "groundwater" ? 4 : 0;
}

LimitInForce LimitFinder::at(Instant at) const {
  const std::string& element = question_.element;
  if (element == "air") return air_limit(standards_, question_, at);
  if (element == "surface_water") return water_limit(standards_, question_, at);
  const bool judged =
      element == "groundwater" || element == "drinking_source" || element == "noise" || element == "soil";
  if (!judged)
    return no_limit("该要素没有可直接对照单个数值的标准限值", "no standard has a limit for single values of it");
  if (question_.point == nullptr)
    return no_limit("标准不对多点均值设限", "the standard has no limit for the mean of several points");
  if (element == "groundwater") return groundwater_limit(standards_, question_, at);
  if (element == "drinking_source") return drinking_limit(standards_, question_, at);
  return element == "noise" ? noise_limit(standards_, question_, at) : soil_limit(standards_, question_, at);
}

std::optional<bool> Judge::exceeds(Instant at, Decimal value) {
  if (threshold_.upper) return compare(value, *threshold_.upper) > 0;
  if (!current_ || at >= current_->until || at < since_) {
    current_ = finder_.at(at);
    since_ = at;
    counter_ = &used_[in_words(*current_)];
  }
  ++*counter_;
  if (!current_->upper && !current_->lower) return std::nullopt;
  if (current_->decimals) value = round_gb8170(value, *current_->decimals);
  return (current_->upper && compare(value, *current_->upper) > 0) ||
         (current_->lower && compare(value, *current_->lower) < 0);
}

}  // namespace mj::statistics
