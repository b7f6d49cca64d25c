// Quarters and years of points, and what is made of points: lakes, rivers, basins, districts, cities.
#include "mj/assess/basin.hpp"
#include "mj/assess/cwqi.hpp"
#include "water_items.hpp"

namespace mj::evaluation {
namespace {

using assess::ItemMean;

constexpr std::array kGroups{Level::district, Level::city, Level::province, Level::river, Level::basin};

/// The stored unrounded mean of an item in a month.
struct MonthOfPoint {
  std::size_t item = 0;
  Decimal mean;
  Inputs inputs;
};
/// Of a point, by begin of the month.
using Months = std::map<Instant, std::vector<MonthOfPoint>>;

/// Means of the months in a period; an item counts when enough months have it.
WaterMeans over_period(const WaterRules& rules, const Months& months, const EvaluationPeriod& period) {
  const int least = period.kind == PeriodKind::year      ? rules.year_months
                    : period.kind == PeriodKind::quarter ? rules.quarter_months
                                                         : 1;
  WaterMeans means;
  std::vector<ItemMean> sums;
  for (const WaterItemTitle& title : water_items()) {
    const standards::WaterItem* known = rules.item(title.key, false);
    sums.emplace_back(known != nullptr && known->rule == standards::WaterRule::range);
  }
  for (auto at = months.lower_bound(period.begin); at != months.end() && at->first < period.end(); ++at) {
    for (const MonthOfPoint& month : at->second) {
      if (sums[month.item].add_mean(month.mean)) means.items[month.item].inputs.add(month.inputs);
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].count() >= least) {
      means.items[i].mean = sums[i].mean();
    } else if (sums[i].count() > 0) {
      means.items[i].reason = fmt::format("{} of {} months", sums[i].count(), least);
    }
  }
  return means;
}

/// A point in a period, judged.
struct Judged {
  std::size_t point = 0;
  const registry::PointView* view = nullptr;
  WaterMeans means;
  assess::BasinSection section;
};

class WaterSummary {
 public:
  WaterSummary(const Context& context, const Summary& summary, Sink& sink)
      : context_(context), summary_(summary), sink_(sink) {}

  Status read() {
    const Instant from = year_before(summary_.years.front()).begin;
    return summary_.rows(
        PeriodKind::month, from, summary_.years.back().end(), [this](const PointRow& row) -> Status {
          const std::size_t first = mean_indicator(0);
          if (row.indicator < first || !row.value) return {};
          points_[row.point][row.period.begin].push_back({row.indicator - first, *row.value, row.inputs});
          return {};
        });
  }

  Status write() {
    for (const EvaluationPeriod& year : summary_.years) {
      for (const PeriodKind kind : {PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
        for (auto period = EvaluationPeriod::of(kind, year.begin); period.begin < year.end();
             period = period.next()) {
          if (summary_.wanted && !summary_.wanted(period)) continue;
          MJ_CHECK(write_period(period));
        }
      }
    }
    return {};
  }

 private:
  static EvaluationPeriod year_before(const EvaluationPeriod& period) {
    return period.year_before().value_or(period);
  }

  /// `emit`: quarters and years of points are results of their own; months are there already.
  Result<std::vector<Judged>> judge_points(const WaterRules& rules, const EvaluationPeriod& period, bool emit) {
    std::vector<Judged> all;
    for (const auto& [place, months] : points_) {
      const RosterPoint& point = context_.roster.points()[place];
      const registry::PointView* view = view_of(point, period);
      if (view == nullptr) continue;
      const auto first = months.lower_bound(period.begin);
      if (first == months.end() || first->first >= period.end()) continue;
      Judged judged{place, view, over_period(rules, months, period), {}};
      judged.section.values = section_values(rules, judged.means, view->lake);
      if (emit && period.kind != PeriodKind::month) {
        const WaterSubject subject{Level::point, point.id(), period, view->lake,
                                   assess::parse_class(view->target_class)};
        MJ_TRY(judged.section.verdict, emit_section(context_, rules, subject, judged.means, sink_));
      } else {
        judged.section.verdict = assess::judge_section(rules.sections, judged.section.values);
      }
      if (judged.section.verdict.value > 0) all.push_back(std::move(judged));
    }
    return all;
  }

  Status write_period(const EvaluationPeriod& period) {
    auto rules = WaterRules::load(context_.standards, judged_at(period));
    if (!rules) return {};
    MJ_TRY(const std::vector<Judged> points, judge_points(*rules, period, true));
    if (points.empty()) return {};
    MJ_CHECK(write_lakes(*rules, period, points));
    std::vector<Judged> before;
    if (const auto base = period.year_before()) {
      MJ_TRY(before, judge_points(*rules, *base, false));
    }
    for (const Level level : kGroups) {
      std::map<std::string, std::vector<const Judged*>> groups;
      for (const Judged& point : points) {
        if (const std::string_view group = context_.roster.group_of(*point.view, level); !group.empty())
          groups[std::string(group)].push_back(&point);
      }
      for (const auto& [group, sections] : groups) {
        MJ_CHECK(write_group(*rules, level, group, period, sections));
        if (level == Level::district || level == Level::city) {
          std::vector<const Judged*> base;
          for (const Judged& point : before) {
            if (context_.roster.group_of(*point.view, level) == group) base.push_back(&point);
          }
          MJ_CHECK(write_index(level, group, period, sections, base));
        }
      }
    }
    return {};
  }

  /// A lake by the means of its points. Source: 环办〔2011〕22号 二(一): means over time at each point, then over the points.
  Status write_lakes(const WaterRules& rules, const EvaluationPeriod& period, const std::vector<Judged>& points) {
    std::map<std::string, std::vector<const Judged*>> lakes;
    for (const Judged& point : points) {
      if (point.view->lake && !point.view->lake_id.empty()) lakes[point.view->lake_id].push_back(&point);
    }
    for (const auto& [lake, members] : lakes) {
      WaterMeans means;
      for (std::size_t i = 0; i < means.items.size(); ++i) {
        const standards::WaterItem* known = rules.item(water_items()[i].key, true);
        ItemMean mean(known != nullptr && known->rule == standards::WaterRule::range);
        for (const Judged* point : members) {
          const WaterMeans::Item& item = point->means.items[i];
          if (item.mean && mean.add_mean(*item.mean)) means.items[i].inputs.add(item.inputs);
        }
        if (mean.count() > 0) means.items[i].mean = mean.mean();
      }
      const WaterSubject subject{Level::lake, lake, period, true, {}};
      MJ_TRY([[maybe_unused]] const auto verdict, emit_section(context_, rules, subject, means, sink_));
    }
    return {};
  }

  Row group_row(const WaterRules& rules, Level level, std::string_view group, const EvaluationPeriod& period,
                const std::vector<const Judged*>& sections) const {
    Row row = row_of(level, group, period, kWaterStatus);
    for (const Judged* section : sections) row.inputs.add(section->means.inputs());
    row.standard = rules.sections.standard->edition.id;
    return row;
  }

  Status write_group(const WaterRules& rules, Level level, const std::string& group,
                     const EvaluationPeriod& period, const std::vector<const Judged*>& sections) {
    std::vector<assess::BasinSection> judged;
    std::int64_t with_target = 0;
    std::int64_t reached = 0;
    for (const Judged* section : sections) {
      judged.push_back(section->section);
      const auto target = assess::parse_class(section->view->target_class);
      if (!target) continue;
      ++with_target;
      reached += section->section.verdict.value <= *target ? 1 : 0;
    }
    const assess::BasinVerdict verdict = assess::judge_basin(rules.sections, judged);
    Row row = group_row(rules, level, group, period, sections);
    row.verification = verdict.verification;
    const std::string main = assess::main_text(verdict);
    const std::string few = fmt::format("{} sections: judged by their means", verdict.judged);
    row.primary = main;
    if (verdict.status != nullptr) row.grade = sink_.grade(water_status_grade(*verdict.status));
    if (verdict.by_means) row.reason = few;
    MJ_CHECK(sink_.emit(row));
    row.grade = 0;
    row.primary = {};
    row.reason = {};
    const auto share = [&](std::size_t indicator, std::optional<Decimal> value) -> Status {
      row.indicator = indicator;
      row.value = value;
      return sink_.emit(row);
    };
    MJ_CHECK(share(kWaterGoodShare, verdict.good_share));
    MJ_CHECK(share(kWaterBadShare, verdict.bad_share));
    for (std::size_t i = 1; i < verdict.counts.size(); ++i) {
      MJ_CHECK(
          share(kWaterShare1 + i - 1,
                assess::Exact::of(verdict.counts[i] * 100, verdict.judged).round(rules.sections.share_decimals)));
    }
    if (with_target == 0) return {};
    return share(kWaterTargetRate,
                 assess::Exact::of(reached * 100, with_target).round(rules.sections.share_decimals));
  }

  struct Index {
    assess::CwqiDistrict district;
    std::string reason;
  };
  Index index_of(const assess::CwqiRules& rules, const WaterRules& water,
                 const std::vector<const Judged*>& sections) const {
    Index index;
    for (const Judged* section : sections) {
      index.district.add(rules, water.sections, section_means(water, section->means, section->view->lake),
                         section->view->lake ? standards::WaterBody::lake : standards::WaterBody::river,
                         assess::parse_class(section->view->target_class));
    }
    if (auto finished = index.district.finish(rules); !finished) index.reason = finished.error().text();
    return index;
  }

  Status write_index(Level level, const std::string& group, const EvaluationPeriod& period,
                     const std::vector<const Judged*>& sections, const std::vector<const Judged*>& base) {
    const auto rules = assess::CwqiRules::load(context_.standards, judged_at(period));
    if (!rules) return {};
    MJ_TRY(const WaterRules water, WaterRules::load(context_.standards, judged_at(period)));
    const Index report = index_of(*rules, water, sections);
    Row row = group_row(water, level, group, period, sections);
    row.indicator = kWaterCwqi;
    row.standard = rules->id;
    row.verification = rules->verification;
    if (report.district.index()) row.value = report.district.index()->round(rules->index_decimals);
    row.complete = report.reason.empty();
    row.reason = report.reason;
    MJ_CHECK(sink_.emit(row));
    if (base.empty() || !row.value) return {};
    const Index earlier = index_of(*rules, water, base);
    row.indicator = kWaterCwqiChange;
    row.value = assess::cwqi_change(*rules, earlier.district.index(), report.district.index());
    for (const Judged* section : base) row.inputs.add(section->means.inputs());
    if (row.value && report.district.all_good() && earlier.district.all_good()) {
      // Such districts are not ranked by change: the figure is in the reason only.
      const std::string reason =
          fmt::format("{} %: not ranked, all sections in class {} or better in both periods", to_text(*row.value),
                      assess::class_name(rules->excluded_class));
      row.value = std::nullopt;
      row.reason = reason;
      return sink_.emit(row);
    }
    return sink_.emit(row);
  }

  const Context& context_;
  const Summary& summary_;
  Sink& sink_;
  std::map<std::size_t, Months> points_;
};

}  // namespace

Status summarise_water(const Context& context, const Summary& summary, Sink& sink) {
  WaterSummary water(context, summary, sink);
  MJ_CHECK(water.read());
  return water.write();
}

}  // namespace mj::evaluation
