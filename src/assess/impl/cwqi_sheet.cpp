#include "mj/assess/cwqi.hpp"

#include <cmath>
#include <set>

#include "mj/assess/air_year.hpp"
#include "sheet_writer.hpp"
#include "water_rows.hpp"

namespace mj::assess {
namespace {

using standards::WaterBody;

/// The mean of an item over the sections of one kind.
struct ItemMean {
  const standards::WaterItem* item = nullptr;
  Exact sum;            ///< of the means of the sections
  double hydrogen = 0;  ///< of the ions of the sections, for pH
  std::int64_t sections = 0;

  [[nodiscard]] Exact mean() const {
    if (item->rule != standards::WaterRule::range) return sum / Exact::of(sections, 1);
    const double ph = -std::log10(hydrogen / static_cast<double>(sections));
    return Decimal{std::llround(ph * 1e6), 6};
  }
};

struct Kind {
  std::vector<ItemMean> items;
  std::int64_t sections = 0;
  std::optional<Exact> index;
};

/// A district in the base or the report period.
struct District {
  std::array<Kind, 2> kinds;  ///< river, lake
  bool all_good = true;       ///< every section in the excluded class or better, and at its target
  std::optional<Exact> total;
  std::size_t items = 0;
};

struct Section {
  WaterMeans means;
  WaterBody body = WaterBody::river;
  std::optional<int> target;
};

constexpr std::array<std::string_view, 2> kPeriods{"base", "report"};
using Sections = std::map<std::tuple<std::string, std::size_t, std::string>, Section>;
using Districts = std::map<std::string, std::array<std::optional<District>, 2>>;

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
                                            Section{WaterMeans(rows.columns().size()), row.body, row.target});
    Section& section = place.first->second;
    if (section.body != row.body)
      return reader.error(*reader.find("kind"), "the section was of the other kind before");
    if (!section.means.add(row, rows.columns()))
      return reader.error(*reader.find("section"), "a value has more than 12 digits after the point");
    last = last ? std::max(*last, *row.time) : *row.time;
  }
}

void add_section(const CwqiRules& rules, const SectionRules& section_rules,
                 const std::vector<WaterColumn>& columns, const Section& section, District& district) {
  Kind& kind = district.kinds[section.body == WaterBody::lake ? 1 : 0];
  ++kind.sections;
  const auto values = section.means.values(columns, section.body);
  const int value = judge_section(section_rules, values).value;
  district.all_good =
      district.all_good && value > 0 && value <= rules.excluded_class && value <= section.target.value_or(value);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const standards::WaterItem* item = columns[i].of(section.body);
    if (item == nullptr || !item->basic || section.means.count(i) == 0) continue;
    auto known =
        std::find_if(kind.items.begin(), kind.items.end(), [&](const ItemMean& m) { return m.item == item; });
    if (known == kind.items.end()) {
      kind.items.push_back({item, Exact(), 0, 0});
      known = std::prev(kind.items.end());
    }
    ++known->sections;
    known->sum = known->sum + section.means.mean(i);
    if (item->rule == standards::WaterRule::range) {
      for (const SectionValue& v : values) {
        if (v.item == item) known->hydrogen += std::pow(10.0, -to_double(v.value));
      }
    }
  }
}

Status finish(const CwqiRules& rules, const std::string& name, District& district) {
  std::set<std::string> items;
  for (Kind& kind : district.kinds) {
    if (kind.sections == 0) continue;
    Exact sum;
    for (const ItemMean& item : kind.items) {
      const Exact single = cwqi_single(rules, *item.item, item.mean());
      if (single.lost())
        return Error(ErrorCode::invalid_input,
                     fmt::format("{}: {} has no index (a mean of 0?)", name, item.item->item));
      sum = sum + single;
      items.insert(item.item->item);
    }
    kind.index = sum;
  }
  district.items = items.size();
  district.total = cwqi_total(district.kinds[0].index, district.kinds[0].sections, district.kinds[1].index,
                              district.kinds[1].sections);
  return {};
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
        for (const ItemMean& item : periods[p]->kinds[k].items) {
          const Exact mean = item.mean();
          const auto rule = item.item->rule;
          writer.text(name).text(kPeriods[p]).text(k == 1 ? "lake" : "river").text(item.item->item);
          writer.integer(item.sections).decimal(mean.round(kDigits)).decimal(rules.limit(*item.item, mean));
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

std::optional<Decimal> index_of(const std::optional<District>& district, const CwqiRules& rules) {
  return district && district->total ? district->total->round(rules.index_decimals) : std::nullopt;
}

Status write_ranking(const SheetRun& run, const CwqiRules& rules, const Districts& districts) {
  std::vector<std::optional<Decimal>> level;
  std::vector<std::optional<Decimal>> change;
  std::vector<std::optional<Decimal>> ranked_change;
  std::vector<bool> excluded;
  for (const auto& [name, periods] : districts) {
    level.push_back(index_of(periods[1], rules));
    const bool both = periods[0] && periods[1] && periods[0]->total && periods[1]->total;
    const Exact base = both ? *periods[0]->total : Exact();
    change.push_back(both ? ((*periods[1]->total - base) / base * Exact::of(100, 1)).round(rules.change_decimals)
                          : std::nullopt);
    excluded.push_back(both && periods[0]->all_good && periods[1]->all_good);
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
    const District report = periods[1].value_or(District{});
    writer.text(name).integer(report.kinds[0].sections).integer(report.kinds[1].sections);
    writer.integer(static_cast<std::int64_t>(report.items));
    for (const Kind& kind : report.kinds)
      writer.decimal(kind.index ? kind.index->round(rules.index_decimals) : std::nullopt);
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
    add_section(rules, section_rules, rows.columns(), section, *district);
  }
  for (auto& [name, periods] : districts) {
    for (auto& district : periods) {
      if (district) MJ_CHECK(finish(rules, name, *district));
    }
  }
  MJ_CHECK(sheet.calculation ? write_sheet(run, rules, districts) : write_ranking(run, rules, districts));
  return reader.row();
}

}  // namespace mj::assess
