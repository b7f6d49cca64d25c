#include "air_rules.hpp"
#include "elements.hpp"

namespace mj::evaluation {
namespace {

std::vector<Indicator> air_indicators() {
  using enum PeriodKind;
  const std::vector<PeriodKind> all{hour, day, month, quarter, year};
  const std::vector<PeriodKind> longer{month, quarter, year};
  std::vector<Indicator> list{
      {"aqi", {"空气质量指数", "Air quality index"}, "", {hour, day}, Better::low},
      {"composite", {"环境空气质量综合指数", "Composite index of ambient air quality"}, "", longer, Better::low},
      {"pm25", {"PM2.5 浓度", "PM2.5"}, "µg/m³", all, Better::low},
      {"pm10", {"PM10 浓度", "PM10"}, "µg/m³", all, Better::low},
      {"so2", {"SO₂ 浓度", "SO₂"}, "µg/m³", all, Better::low},
      {"no2", {"NO₂ 浓度", "NO₂"}, "µg/m³", all, Better::low},
      {"co",
       {"CO 浓度（月以上为第95百分位数）", "CO (95th percentile of longer periods)"},
       "mg/m³",
       all,
       Better::low},
      {"o3",
       {"O₃ 浓度（日为最大8小时平均，月以上为其第90百分位数）",
        "O₃ (day: maximum 8 h mean; longer: its 90th percentile)"},
       "µg/m³",
       all,
       Better::low},
      {"o3_1h", {"O₃ 日最大1小时平均", "O₃, maximum hour of the day"}, "µg/m³", {day}, Better::low},
      {"good_rate", {"优良天数比例", "Share of good days"}, "%", longer, Better::high},
      {"good_days", {"优良天数", "Good days"}, "d", longer, Better::high},
      {"heavy_days", {"重度及以上污染天数", "Days of heavy pollution and worse"}, "d", longer, Better::low},
      {"unmet", {"未达标项目数", "Pollutants above their limits"}, "", {year}, Better::low},
  };
  for (std::size_t i = 0; i < kAirMeans; ++i) {
    const Indicator& of = list[AirIndicator::pollutant + i];
    list.push_back(Indicator{of.id + "_percentile",
                             {fmt::format("{} 日均值百分位数", kAirNames[i]),
                              fmt::format("{}, percentile of daily means", kAirNames[i])},
                             of.unit,
                             {year},
                             Better::low});
  }
  return list;
}

Reads air_reads(const standards::StandardSet& standards) {
  Reads reads;
  for (const standards::AqiStandard& standard : standards.aqi_editions()) {
    for (const auto* items : {&standard.hourly, &standard.daily}) {
      for (const standards::AqiItem& item : *items) {
        if (std::find(reads.factors.begin(), reads.factors.end(), item.factor) == reads.factors.end())
          reads.factors.push_back(item.factor);
      }
    }
  }
  reads.kinds = {"Avg"};
  reads.periods = {telemetry::Period::hour, telemetry::Period::day};
  return reads;
}

/// Hours of a series that lie in the days as they pass.
class DayCursor {
 public:
  explicit DayCursor(const SampleSeries* series) : series_(series) {}
  [[nodiscard]] const SampleSeries* series() const { return series_; }
  std::span<const Sample> next_day(Instant end) {
    if (series_ == nullptr) return {};
    const std::size_t begin = at_;
    while (at_ < series_->samples.size() && series_->samples[at_].at_ms < end.ms()) ++at_;
    return series_->samples.subspan(begin, at_ - begin);
  }

 private:
  const SampleSeries* series_;
  std::size_t at_ = 0;
};

/// The cursors of an item: its hours, and its days for those who report days only.
struct ItemCursors {
  DayCursor hours;
  DayCursor days;
};

struct ItemDay {
  AirDayValue value;
  Inputs inputs;
};

ItemDay judge_item(const Context& context, const AirDayLaw& law, const AirItem& item, ItemCursors& cursors,
                   Instant begin, Instant end) {
  ItemDay result;
  const std::span<const Sample> hours = cursors.hours.next_day(end);
  const std::span<const Sample> days = cursors.days.next_day(end);
  if (!hours.empty()) {
    const AirHours found = hours_of(context.standards, *item.item, *cursors.hours.series(), hours, begin);
    result.inputs = found.inputs;
    result.value = day_value(law, item, found.values);
  } else if (!days.empty() && item.value != AirValue::max_1h) {
    const Sample& day = days.front();
    std::optional<Decimal> value = day.value;
    if (cursors.days.series()->unit != item.item->unit)
      value = context.standards.convert(day.value, cursors.days.series()->unit, item.item->unit);
    result.inputs.expected = 1;
    if (day.usable && day.value.mantissa >= 0 && value) {
      result.inputs.add(day.at_ms, day.value, day.entry);
      result.value.value = round_gb8170(*value, item.item->decimals);
    } else {
      result.value.reason = "0/1 d";
    }
  }
  return result;
}

}  // namespace

Status judge_air(const Context& context, const PointValues& values, Sink& sink) {
  const AirLaw& law_book = AirLaw::of(context);
  const AirDayLaw* law = nullptr;
  std::vector<ItemCursors> cursors;
  Row row;
  row.level = Level::point;
  row.subject = values.point->id();
  std::string primary;
  std::string reason;
  for (EvaluationPeriod day = EvaluationPeriod::of(PeriodKind::day, values.from); day.begin < values.to;
       day = {PeriodKind::day, day.end()}) {
    if (law == nullptr || !law->validity.contains(day.begin)) {
      law = law_book.day(day.begin);
      cursors.clear();
      if (law == nullptr) continue;
      for (const AirItem& item : law->items) {
        ItemCursors made{DayCursor(values.find(item.item->factor, telemetry::Period::hour)),
                         DayCursor(values.find(item.item->factor, telemetry::Period::day))};
        made.hours.next_day(day.begin);
        made.days.next_day(day.begin);
        cursors.push_back(made);
      }
    }
    row.period = day;
    std::array<std::optional<Decimal>, kAirItems> figures;
    Inputs all;
    std::array<ItemDay, kAirItems> items;
    bool any = false;
    for (std::size_t i = 0; i < law->items.size(); ++i) {
      items[i] = judge_item(context, *law, law->items[i], cursors[i], day.begin, day.end());
      figures[law->items[i].place] = items[i].value.value;
      // The hours of ozone are one input, although two figures are made of them.
      if (law->items[i].value != AirValue::max_1h) all.add(items[i].inputs);
      any = any || items[i].inputs.count > 0;
    }
    if (!any) continue;
    const AirIndex index = index_of(*law, figures);
    for (std::size_t i = 0; i < law->items.size(); ++i) {
      if (items[i].inputs.count == 0) continue;
      row.indicator = AirIndicator::pollutant + law->items[i].place;
      row.value = items[i].value.value;
      const Grade* grade = row.value ? law->grades.of(index.verdict.iaqi[i]) : nullptr;
      row.grade = grade == nullptr ? std::uint16_t{0} : sink.grade(*grade);
      row.primary = {};
      row.complete = row.value.has_value();
      row.reason = items[i].value.reason;
      row.standard = law->standard;
      row.verification = law->verification(law->items[i].value);
      row.inputs = items[i].inputs;
      MJ_CHECK(sink.emit(row));
    }
    row.indicator = AirIndicator::aqi;
    const bool has_index = index.verdict.level > 0;
    row.value = has_index ? std::optional(Decimal{index.verdict.aqi, 0}) : std::nullopt;
    row.grade = has_index ? sink.grade(*law->grades.of(index.verdict.aqi)) : std::uint16_t{0};
    primary = primary_text(law->items, index.verdict.primary);
    row.primary = primary;
    row.complete = index.missing.empty();
    reason = row.complete ? "" : index.missing + ": —";
    row.reason = reason;
    row.standard = law->aqi_standard;
    row.verification = std::max({law->aqi_verification, law->mean_verification, law->ozone_verification});
    row.inputs = all;
    MJ_CHECK(sink.emit(row));
  }
  return {};
}

Evaluator air_evaluator() {
  using enum PeriodKind;
  Evaluator air;
  air.element = "air";
  air.title = {"环境空气", "Ambient air"};
  air.indicators = air_indicators();
  air.levels = {Level::point, Level::district, Level::city};
  air.periods = {day, month, quarter, year};
  air.unit = day;
  air.compliance_indicator = "aqi";
  air.compliance_period = day;
  air.compliance_bound = [](const Context& context, const Figure& figure) -> std::optional<ComplianceBound> {
    const AirDayLaw* law = AirLaw::of(context).day(figure.period.begin);
    const auto good = law == nullptr ? std::nullopt : good_index(*law);
    return good ? std::optional(ComplianceBound{*good}) : std::nullopt;
  };
  air.reads = air_reads;
  air.usual_unit = [](const standards::StandardSet& standards, std::string_view factor) -> std::string {
    for (const standards::AqiStandard& standard : standards.aqi_editions()) {
      for (const standards::AqiItem& item : standard.hourly) {
        if (item.factor == factor) return item.unit;
      }
    }
    return {};
  };
  air.prepare = [](const standards::StandardSet& standards) -> Result<std::shared_ptr<const void>> {
    MJ_TRY(std::shared_ptr<const AirLaw> law, AirLaw::load(standards));
    return std::shared_ptr<const void>(std::move(law));
  };
  air.judge = judge_air;
  air.judge_hour = judge_air_hour;
  air.group_hour = group_air_hour;
  air.summarise = summarise_air;
  air.sheet = air_sheet;
  return air;
}

}  // namespace mj::evaluation
