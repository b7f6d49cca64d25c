#include "mj/assess/other_water.hpp"

#include <fmt/ranges.h>

#include "mj/assess/basin.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "sheet_writer.hpp"
#include "water_rows.hpp"

namespace mj::assess {
namespace {

/// Items of a kind of table that have a column: by the key of the item or its Chinese name.
std::vector<std::pair<std::string, std::size_t>> columns_of(const SheetRun& run, std::string_view kind,
                                                            const SheetReader& reader) {
  std::vector<std::pair<std::string, std::size_t>> found;
  for (const standards::RuleRow& row : run.standards.rules(kind)) {
    auto place = reader.find(column_name(row.text("item")));
    if (!place) place = reader.find(column_name(row.text("name_zh")));
    const std::string item(row.text("item"));
    const bool known = std::any_of(found.begin(), found.end(), [&](const auto& f) { return f.first == item; });
    if (place && !known) found.emplace_back(item, *place);
  }
  return found;
}

Error no_items(std::string_view example) {
  return Error(ErrorCode::invalid_input, fmt::format("header: no column of an item such as {}", example));
}

const standards::RuleRow* row_of(const std::vector<const standards::RuleRow*>& rows, std::string_view item) {
  for (const auto* row : rows) {
    if (row->text("item") == item) return row;
  }
  return nullptr;
}

struct Place {
  std::size_t section = 0;
  std::size_t time = 0;
};

Result<Place> open(SheetReader& reader) {
  MJ_CHECK(reader.open());
  Place place;
  MJ_TRY(place.section, reader.require("section"));
  MJ_TRY(place.time, reader.require("time"));
  return place;
}

Result<std::size_t> groundwater(const SheetRun& run) {
  SheetReader reader(run.input);
  MJ_TRY(const Place place, open(reader));
  const auto items = columns_of(run, "groundwater_limits", reader);
  if (items.empty()) return no_items("ph, hardness, tds, so4, cl, fe, mn, nh3n, no3n, codmn");
  std::vector<std::string> header{"section", "time", "class", "deciding"};
  for (const auto& [item, column] : items) header.push_back("class_" + column_name(item));
  header.emplace_back("standard");
  header.emplace_back("verification");
  SheetWriter writer(run.output, run.format, std::move(header));
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view section, reader.text(place.section));
    MJ_TRY(const Instant at, reader.time(place.time));
    const auto rows = rows_in_force(run.standards, "groundwater_limits", at, run.standard);
    if (rows.empty()) return reader.error(place.time, "no standard of groundwater was in force then");
    std::vector<int> classes;
    int worst = 0;
    auto weakest = standards::Verification::verified;
    for (const auto& [item, column] : items) {
      const auto* row = row_of(rows, item);
      classes.push_back(0);
      if (row == nullptr || reader.missing(column)) continue;
      const auto value = groundwater_class(*row, reader.cell(column));
      if (!value)
        return reader.error(column, fmt::format("\"{}\" is neither a number nor a finding", reader.cell(column)));
      classes.back() = *value;
      worst = std::max(worst, *value);
      weakest = std::max(weakest, row->verification);
    }
    std::vector<std::string> deciding;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (classes[i] == worst && worst > 1) deciding.push_back(items[i].first);
    }
    writer.text(section).text(reader.cell(place.time)).text_or_none(class_name(worst));
    writer.text_or_none(fmt::format("{}", fmt::join(deciding, "+")));
    for (const int value : classes) writer.text_or_none(class_name(value));
    writer.text(rows.front()->edition).text_or_none(worst == 0 ? "" : standards::name(weakest));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

Result<std::size_t> black_odorous(const SheetRun& run) {
  SheetReader reader(run.input);
  MJ_TRY(const Place place, open(reader));
  const auto items = columns_of(run, "black_odorous", reader);
  if (items.empty()) return no_items("sd, do, orp, nh3n");
  SheetWriter writer(run.output, run.format,
                     {"section", "time", "items", "grade", "deciding", "standard", "verification"});
  static constexpr std::array<std::string_view, 3> kGrades{"none", "light", "heavy"};
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view section, reader.text(place.section));
    MJ_TRY(const Instant at, reader.time(place.time));
    const auto rows = rows_in_force(run.standards, "black_odorous", at, run.standard);
    std::vector<std::pair<std::string, int>> grades;
    int worst = 0;
    auto weakest = standards::Verification::verified;
    for (const auto& [item, column] : items) {
      const auto* row = row_of(rows, item);
      MJ_TRY(const auto value, reader.number(column));
      if (row == nullptr || !value) continue;
      grades.emplace_back(item, black_odorous_grade(*row, *value));
      worst = std::max(worst, grades.back().second);
      weakest = std::max(weakest, row->verification);
    }
    std::string deciding;
    for (const auto& [item, grade] : grades) {
      if (grade == worst && worst > 0) deciding += (deciding.empty() ? "" : "+") + item;
    }
    writer.text(section).text(reader.cell(place.time)).integer(static_cast<std::int64_t>(grades.size()));
    writer.text_or_none(grades.empty() ? "" : kGrades[static_cast<std::size_t>(worst)]).text_or_none(deciding);
    writer.text_or_none(rows.empty() ? "" : rows.front()->edition);
    writer.text_or_none(grades.empty() ? "" : standards::name(weakest));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

Result<std::size_t> drinking(const SheetRun& run) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const WaterRows rows, WaterRows::open(reader, run.standards, run.standard, ""));
  const auto further = columns_of(run, "water_source_limits", reader);
  SheetWriter writer(run.output, run.format,
                     {"section", "time", "kind", "items", "compliant", "exceed", "standard", "verification"});
  WaterRow row;
  while (true) {
    MJ_TRY(const bool more, rows.next(reader, row));
    if (!more) break;
    if (!row.time) return reader.error(*reader.find("time"), "the cell is empty");
    MJ_TRY(const SectionRules rules, SectionRules::load(run.standards, *row.time, run.standard));
    std::vector<SectionValue> values;
    for (std::size_t i = 0; i < rows.columns().size(); ++i) {
      const standards::WaterItem* item = rows.columns()[i].of(row.body);
      // Nitrogen and bacteria are reported beside the verdict, not part of it.
      if (item != nullptr && item->basic && row.values[i])
        values.push_back({item, row.values[i]->value, row.values[i]->below_detection});
    }
    const SectionVerdict verdict = judge_section(rules, values, row.oxygen_saturated);
    std::string exceed = exceed_text(verdict, verdict.worse);
    bool compliant = verdict.worse.empty();
    std::size_t count = verdict.parts.size();
    auto weakest = verdict.verification;
    const auto limits = rows_in_force(run.standards, "water_source_limits", *row.time, rules.standard->edition.id);
    for (const auto& [item, column] : further) {
      const auto* limit = row_of(limits, item);
      MJ_TRY(const auto measured, reader.measured(column));
      if (limit == nullptr || !measured) continue;
      Decimal value = measured->value;
      if (measured->below_detection) value = {value.mantissa * 5, static_cast<std::uint8_t>(value.decimals + 1)};
      const SourceVerdict part = judge_source_item(rules, *limit, value);
      ++count;
      weakest = std::max(weakest, limit->verification);
      compliant = compliant && part.compliant;
      if (part.exceed) exceed += fmt::format("{}{}({})", exceed.empty() ? "" : "+", item, to_text(*part.exceed));
    }
    writer.text(row.section).text(reader.cell(*reader.find("time")));
    writer.text(row.body == standards::WaterBody::lake ? "lake" : "river")
        .integer(static_cast<std::int64_t>(count));
    writer.yes_no(count > 0 ? std::optional(compliant) : std::nullopt).text_or_none(exceed);
    writer.text(rules.standard->edition.id).text_or_none(count == 0 ? "" : standards::name(weakest));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace

Result<std::size_t> other_water_sheet(const SheetRun& run, WaterScheme scheme) {
  switch (scheme) {
    case WaterScheme::groundwater: return groundwater(run);
    case WaterScheme::black_odorous: return black_odorous(run);
    case WaterScheme::drinking: return drinking(run);
  }
  return Error(ErrorCode::internal, "unknown scheme");
}

}  // namespace mj::assess
