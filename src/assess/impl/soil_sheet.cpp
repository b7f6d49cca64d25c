#include <cmath>

#include "mj/assess/rules_in_force.hpp"
#include "mj/assess/sheet.hpp"
#include "mj/assess/soil.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

std::string_view land_name(std::string_view cell) {
  if (cell == "paddy") return "水田";
  if (cell == "orchard") return "果园";
  if (cell == "other" || cell == "dry") return "其他";
  return cell;
}

/// Columns whose names are items of the standard.
std::vector<std::pair<std::string, std::size_t>> item_columns(const SheetRun& run, bool farm,
                                                              const SheetReader& reader) {
  std::vector<std::pair<std::string, std::size_t>> found;
  for (const standards::RuleRow& row :
       run.standards.rules(farm ? "soil_farm_limits" : "soil_construction_limits")) {
    const std::string item(row.text("item"));
    if (std::any_of(found.begin(), found.end(), [&](const auto& known) { return known.first == item; })) continue;
    auto place = reader.find(column_name(item));
    if (!place) place = reader.find(column_name(row.text("name_zh")));
    if (place) found.emplace_back(item, *place);
  }
  return found;
}

}  // namespace

Result<std::size_t> soil_sheet(const SheetRun& run, const SoilSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const std::size_t sample, reader.require("sample"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  const bool farm = run.standard.empty() ? !reader.find("land_class") : run.standard.starts_with("GB 15618");
  if (!run.standard.empty() && !farm && !run.standard.starts_with("GB 36600"))
    return Error(ErrorCode::not_found,
                 fmt::format("no soil standard \"{}\"; there are GB 15618-2018, GB 36600-2018", run.standard));
  MJ_TRY(const std::size_t site_column, reader.require(farm ? "land" : "land_class"));
  std::optional<std::size_t> ph;
  if (farm) {
    MJ_TRY(ph, reader.require("ph"));
  }
  MJ_TRY(const Parameters numbers, Parameters::of_edition(run.standards, "HJ/T 166-2004"));
  MJ_TRY(const int digits, numbers.integer("index_decimals"));
  const auto index_decimals = static_cast<std::uint8_t>(digits);
  const auto items = item_columns(run, farm, reader);
  if (items.empty())
    return Error(ErrorCode::invalid_input, "header: no column of an item of the standard such as cd, hg, as, pb");
  SheetWriter writer(
      run.output, run.format,
      sheet.by_sample
          ? std::vector<std::string>{"sample", "time", "items", "risk", "above_screening", "above_intervention",
                                     "nemerow", "grade", "standard", "verification"}
          : std::vector<std::string>{"sample", "time", "item", "content", "screening", "intervention", "risk",
                                     "index", "grade", "standard", "verification"});
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name_text, reader.text(sample));
    MJ_TRY(const Instant at, reader.time(time));
    SoilSite site;
    site.farm = farm;
    MJ_TRY(const std::string_view site_text, reader.text(site_column));
    if (farm) {
      site.land = land_name(site_text);
      if (site.land != "水田" && site.land != "果园" && site.land != "其他")
        return reader.error(site_column, fmt::format("\"{}\" is neither paddy, orchard nor other", site_text));
      MJ_TRY(site.ph, reader.amount(*ph));
      if (!site.ph) return reader.error(*ph, "the cell is empty");
    } else {
      if (site_text != "1" && site_text != "2")
        return reader.error(site_column, fmt::format("\"{}\" is neither 1 nor 2", site_text));
      site.land_class = site_text == "1" ? 1 : 2;
    }
    std::vector<SoilVerdict> verdicts;
    for (const auto& [item, place] : items) {
      MJ_TRY(const auto measured, reader.measured(place));
      if (!measured) continue;
      Decimal content = measured->value;
      if (measured->below_detection)
        content = {content.mantissa * 5, static_cast<std::uint8_t>(content.decimals + 1)};
      MJ_TRY(auto verdict, judge_soil(run.standards, at, site, item, content));
      if (!verdict) continue;
      verdicts.push_back(*verdict);
      if (sheet.by_sample) continue;
      const auto index = verdict->index.round(index_decimals);
      const auto* grade = index ? soil_grade(run.standards, at, "single", *index) : nullptr;
      writer.text(name_text).text(reader.cell(time)).text(item).decimal(content).decimal(verdict->screening);
      writer.decimal(verdict->intervention).text(name(verdict->risk)).decimal(index);
      writer.text_or_none(grade == nullptr ? "" : grade->text("name_zh")).text(verdict->edition);
      // The grade is a figure of its own: the weaker of both is said.
      writer.text(standards::name(grade == nullptr ? verdict->verification
                                                   : std::max(verdict->verification, grade->verification)));
      MJ_CHECK(writer.end_row());
    }
    if (!sheet.by_sample) continue;
    SoilRisk worst = SoilRisk::low;
    std::string above;
    std::string beyond;
    std::vector<Exact> indices;
    auto weakest = standards::Verification::verified;
    for (const SoilVerdict& verdict : verdicts) {
      worst = std::max(worst, verdict.risk);
      indices.push_back(verdict.index);
      weakest = std::max(weakest, verdict.verification);
      if (verdict.risk == SoilRisk::low) continue;
      const auto multiple = (verdict.index - Exact(Decimal{1, 0})).round(index_decimals);
      above += fmt::format("{}{}({})", above.empty() ? "" : "+", verdict.item, multiple ? to_text(*multiple) : "");
      if (verdict.risk == SoilRisk::high) beyond += (beyond.empty() ? "" : "+") + verdict.item;
    }
    const auto nemerow_index = nemerow(indices);
    std::optional<Decimal> shown;
    if (nemerow_index) shown = round_gb8170(Decimal{std::llround(*nemerow_index * 1e9), 9}, index_decimals);
    const auto* grade = shown ? soil_grade(run.standards, at, "nemerow", *shown) : nullptr;
    if (grade != nullptr) weakest = std::max(weakest, grade->verification);
    writer.text(name_text).text(reader.cell(time)).integer(static_cast<std::int64_t>(verdicts.size()));
    writer.text_or_none(verdicts.empty() ? "" : name(worst))
        .text_or_none(above)
        .text_or_none(beyond)
        .decimal(shown);
    writer.text_or_none(grade == nullptr ? "" : grade->text("name_zh"));
    writer.text_or_none(verdicts.empty() ? "" : verdicts.front().edition);
    writer.text_or_none(verdicts.empty() ? "" : standards::name(weakest));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess
