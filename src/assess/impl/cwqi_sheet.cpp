#include "mj/assess/cwqi.hpp"

#include "mj/assess/air_year.hpp"
#include "sheet_writer.hpp"
#include "water_rows.hpp"

namespace mj::assess {
namespace {

using standards::WaterBody;

struct Section {
  SectionMeans means;
  WaterBody body = WaterBody::river;
  std::optional<int> target;
};

constexpr std::array<std::string_view, 2> kPeriods{"base", "report"};
using Sections = std::map<std::tuple<std::string, std::size_t, std::string>, Section>;
using Districts = std::map<std::string, std::array<std::optional<CwqiDistrict>, 2>>;

Result<Sections> gather(SheetReader& reader, const WaterRows& rows, std::optional<Instant>& last) {
  const auto period_column = reader.find("period");
  Sections sections;
  WaterRow row;
  while (true) {
    MJ_TRY(const bool more, rows.next(reader, row));
    if (!more) return sections;
    if (!row.time) continue;
    std::size_t period = 1;
    if (period_column) {
      const auto found = std::find(kPeriods.begin(), kPeriods.end(), reader.cell(*period_column));
      if (found == kPeriods.end())
        return reader.error(*period_column,
                            fmt::format("\"{}\" is neither base nor report", reader.cell(*period_column)));
      period = static_cast<std::size_t>(found - kPeriods.begin());
    }
    const auto place = sections.try_emplace({std::string(row.group), period, std::string(row.section)},
                                            Section{{}, row.body, row.target});
    Section& section = place.first->second;
    if (section.body != row.body)
      return reader.error(*reader.find("kind"), "the section was of the other kind before");
    if (!add_row(section.means, row, rows.columns()))
      return reader.error(*reader.find("section"), "a value has more than 12 digits after the point");
    last = last ? std::max(*last, *row.time) : *row.time;
  }
}

Status write_sheet(const SheetRun& run, const CwqiRules& rules, const Districts& districts) {
  SheetWriter writer(run.output, run.format,
                     {"district", "period", "kind", "item", "sections", "mean", "limit", "formula", "index",
                      "standard", "verification"});
  constexpr std::uint8_t kDigits = 6;
  for (const auto& [name, periods] : districts) {
    for (std::size_t p = 0; p < periods.size(); ++p) {
      if (!periods[p]) continue;
      for (std::size_t k = 0; k < 2; ++k) {
        const CwqiDistrict::Kind& kind = k == 1 ? periods[p]->lakes() : periods[p]->rivers();
        for (const SectionMeans::Item& item : kind.means.items()) {
          if (!item.item->basic) continue;
          const Exact mean = item.values.mean();
          const auto rule = item.item->rule;
          writer.text(name).text(kPeriods[p]).text(k == 1 ? "lake" : "river").text(item.item->item);
          writer.integer(item.values.count()).decimal(mean.round(kDigits)).decimal(rules.limit(*item.item, mean));
          writer.text(rule == standards::WaterRule::at_most    ? "C/Cs"
                      : rule == standards::WaterRule::at_least ? "Cs/C"
                                                               : "|C-7|/|Cs-7|");
          writer.decimal(cwqi_single(rules, *item.item, mean).round(kDigits));
          writer.text(rules.id).text(standards::name(rules.verification));
          MJ_CHECK(writer.end_row());
        }
      }
    }
  }
  return writer.finish();
}

std::optional<Decimal> index_of(const std::optional<CwqiDistrict>& district, const CwqiRules& rules) {
  return district && district->index() ? district->index()->round(rules.index_decimals) : std::nullopt;
}

Status write_ranking(const SheetRun& run, const CwqiRules& rules, const Districts& districts) {
  std::vector<std::optional<Decimal>> level;
  std::vector<std::optional<Decimal>> change;
  std::vector<std::optional<Decimal>> ranked_change;
  std::vector<bool> excluded;
  for (const auto& [name, periods] : districts) {
    level.push_back(index_of(periods[1], rules));
    change.push_back(periods[0] && periods[1] ? cwqi_change(rules, periods[0]->index(), periods[1]->index())
                                              : std::nullopt);
    excluded.push_back(change.back() && periods[0]->all_good() && periods[1]->all_good());
    ranked_change.push_back(excluded.back() ? std::nullopt : change.back());
  }
  const auto level_rank = ranks(level);
  const auto change_rank = ranks(ranked_change);
  SheetWriter writer(
      run.output, run.format,
      {"district", "river_sections", "lake_points", "items", "cwqi_river", "cwqi_lake", "cwqi", "rank",
       "cwqi_base", "change_percent", "change_rank", "change_excluded", "standard", "verification"});
  const auto place = [&](const std::optional<int>& rank) {
    if (rank) {
      writer.integer(*rank);
    } else {
      writer.none();
    }
  };
  std::size_t i = 0;
  for (const auto& [name, periods] : districts) {
    const CwqiDistrict report = periods[1].value_or(CwqiDistrict{});
    writer.text(name).integer(report.rivers().sections).integer(report.lakes().sections);
    writer.integer(static_cast<std::int64_t>(report.items()));
    for (const auto& index : {report.rivers().index, report.lakes().index})
      writer.decimal(index ? index->round(rules.index_decimals) : std::nullopt);
    writer.decimal(level[i]);
    place(level_rank[i]);
    writer.decimal(index_of(periods[0], rules)).decimal(change[i]);
    place(change_rank[i]);
    writer.yes_no(change[i] ? std::optional<bool>(excluded[i]) : std::nullopt);
    writer.text(rules.id).text(standards::name(rules.verification));
    MJ_CHECK(writer.end_row());
    ++i;
  }
  return writer.finish();
}

}  // namespace

Result<std::size_t> cwqi_sheet(const SheetRun& run, const CwqiSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const WaterRows rows, WaterRows::open(reader, run.standards, run.standard, sheet.group_by));
  std::optional<Instant> last;
  MJ_TRY(const Sections sections, gather(reader, rows, last));
  if (!last) return Error(ErrorCode::invalid_input, "the table has no row with values");
  MJ_TRY(CwqiRules rules, CwqiRules::load(run.standards, *last, run.standard));
  MJ_TRY(const SectionRules section_rules, SectionRules::load(run.standards, *last, run.standard));
  Districts districts;
  for (const auto& [key, section] : sections) {
    auto& district = districts[std::get<0>(key)][std::get<1>(key)];
    if (!district) district.emplace();
    district->add(rules, section_rules, section.means, section.body, section.target);
  }
  for (auto& [name, periods] : districts) {
    for (auto& district : periods) {
      if (!district) continue;
      if (auto status = district->finish(rules); !status) return status.error().context(name);
    }
  }
  MJ_CHECK(sheet.calculation ? write_sheet(run, rules, districts) : write_ranking(run, rules, districts));
  return reader.row();
}

}  // namespace mj::assess
