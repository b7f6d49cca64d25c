#include "mj/assess/soil.hpp"

#include <cmath>

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

/// Names of columns and of items are compared without regard to case.
bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool in_bin(const standards::RuleRow& row, Decimal ph) {
  const auto above = row.number("ph_above");
  const auto to = row.number("ph_to");
  return (!above || compare(ph, *above) > 0) && (!to || compare(ph, *to) <= 0);
}

/// The row of the land itself, else of all lands, else of the others (an orchard has a row of its own for copper only).
const standards::RuleRow* farm_row(std::span<const standards::RuleRow* const> rows, std::string_view value,
                                   std::string_view item, const SoilSite& site) {
  for (const std::string_view land :
       {std::string_view(site.land), std::string_view("all"), std::string_view("其他")}) {
    for (const auto* row : rows) {
      if (row->text("value") == value && same(row->text("item"), item) && row->text("land") == land &&
          in_bin(*row, *site.ph))
        return row;
    }
  }
  return nullptr;
}

}  // namespace

std::string_view name(SoilRisk risk) {
  switch (risk) {
    case SoilRisk::low: return "low";
    case SoilRisk::possible: return "possible";
    case SoilRisk::high: return "high";
  }
  return {};
}

Result<std::optional<SoilVerdict>> judge_soil(const standards::StandardSet& standards, Instant at,
                                              const SoilSite& site, std::string_view item, Decimal content) {
  SoilVerdict verdict;
  if (site.farm) {
    if (!site.ph || site.land.empty())
      return Error(ErrorCode::invalid_input, "values of farm land depend on pH and land (水田, 果园, 其他)");
    const auto rows = rows_in_force(standards, "soil_farm_limits", at);
    const auto* screening = farm_row(rows, "screening", item, site);
    if (screening == nullptr) return std::optional<SoilVerdict>();
    const auto* intervention = farm_row(rows, "intervention", item, site);
    verdict.item = screening->text("item");
    verdict.screening = screening->decimal("limit");
    if (intervention != nullptr) verdict.intervention = intervention->decimal("limit");
    verdict.screening_row = screening;
    verdict.intervention_row = intervention;
    verdict.verification = screening->verification;
    verdict.edition = screening->edition;
  } else {
    const standards::RuleRow* found = nullptr;
    for (const auto* row : rows_in_force(standards, "soil_construction_limits", at)) {
      if (same(row->text("item"), item) || row->text("name_zh") == item) found = row;
    }
    if (found == nullptr) return std::optional<SoilVerdict>();
    verdict.item = found->text("item");
    verdict.screening = found->decimal(fmt::format("screening_{}", site.land_class));
    verdict.intervention = found->decimal(fmt::format("intervention_{}", site.land_class));
    verdict.screening_row = verdict.intervention_row = found;
    verdict.verification = found->verification;
    verdict.edition = found->edition;
  }
  if (compare(content, verdict.screening) > 0) verdict.risk = SoilRisk::possible;
  if (verdict.intervention && compare(content, *verdict.intervention) > 0) verdict.risk = SoilRisk::high;
  verdict.index = Exact(content) / verdict.screening;
  return std::optional(verdict);
}

std::vector<SoilBand> soil_bands(const standards::StandardSet& standards, Instant at, const SoilSite& site,
                                 std::string_view item, std::string_view value) {
  const auto rows = rows_in_force(standards, "soil_farm_limits", at);
  std::vector<Decimal> bounds;
  for (const auto* row : rows) {
    if (row->text("value") != value || !same(row->text("item"), item)) continue;
    for (const char* column : {"ph_above", "ph_to"}) {
      if (const auto bound = row->number(column)) bounds.push_back(*bound);
    }
  }
  if (bounds.empty()) return {};
  std::sort(bounds.begin(), bounds.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
  bounds.erase(std::unique(bounds.begin(), bounds.end(), [](Decimal a, Decimal b) { return compare(a, b) == 0; }),
               bounds.end());
  std::vector<SoilBand> bands;
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    // A pH of the band: its upper end, or beyond the last bound.
    SoilSite within = site;
    within.ph =
        i < bounds.size() ? bounds[i] : (Exact(bounds.back()) + Decimal{1, 0}).round(bounds.back().decimals);
    const auto* row = farm_row(rows, value, item, within);
    if (row == nullptr) return {};
    bands.push_back({i < bounds.size() ? std::optional(bounds[i]) : std::nullopt, row});
  }
  return bands;
}

std::optional<double> nemerow(std::span<const Exact> indices) {
  if (indices.empty()) return std::nullopt;
  double sum = 0;
  double greatest = 0;
  for (const Exact& index : indices) {
    sum += index.approximately();
    greatest = std::max(greatest, index.approximately());
  }
  const double mean = sum / static_cast<double>(indices.size());
  return std::sqrt((mean * mean + greatest * greatest) / 2);
}

const standards::RuleRow* soil_grade(const standards::StandardSet& standards, Instant at, std::string_view index,
                                     Decimal value) {
  for (const auto* row : rows_in_force(standards, "soil_index_grades", at)) {
    if (row->text("index") != index) continue;
    const auto hi = row->number("hi");
    if (!hi || compare(value, *hi) <= 0) return row;
  }
  return nullptr;
}

}  // namespace mj::assess
