#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evaluation/result.hpp"
#include "mj/evaluation/roster.hpp"
#include "mj/evaluation/sheet.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::evaluation {

/// Under which codes the items of tables of limits are measured: the table `item_factors`, looked up often.
class ItemFactors {
 public:
  explicit ItemFactors(const standards::StandardSet& standards);
  /// In the order of the table; empty when there is nothing but the item's own key.
  [[nodiscard]] std::span<const std::string> of(std::string_view table, std::string_view item) const;

 private:
  std::map<std::string, std::map<std::string, std::vector<std::string>, std::less<>>, std::less<>> by_table_;
};

/// What every evaluator may look at. All of it outlives the run.
struct Context {
  const standards::StandardSet& standards;
  const ItemFactors& factors;
  const Roster& roster;                            ///< of the element
  std::shared_ptr<const void> prepared = nullptr;  ///< what Evaluator::prepare() made
};

/// A value that stands for its time.
struct Sample {
  std::int64_t at_ms = 0;  ///< start of the interval, or the sampling instant
  Decimal value;           ///< as received; of what was not detected, what it counts for
  std::uint64_t entry = 0;
  bool usable = true;       ///< its device flag says that it counts (standards: data flags)
  std::uint8_t origin = 0;  ///< place in SampleSeries::origins
  std::uint16_t flag = 0;   ///< place in SampleSeries::flags
  std::uint32_t limit =
      0;  ///< of what was not detected: its place in SampleSeries::limits, from 1; 0 = it was detected
};

/// What is known of a value that was not detected 未检出.
struct NonDetect {
  Decimal limit;                             ///< the detection limit; 0 when none was told ("ND")
  const standards::RuleRow* rule = nullptr;  ///< by which a part of it counts; never null
};

/// The series that a value stands in as it was received.
struct SampleOrigin {
  const telemetry::SeriesKey* key = nullptr;
  Decimal scale{1, 0};  ///< by which its values were multiplied to be in the unit of the others: a power of ten
};

/// The values of one factor of a point, ascending in time, one for each time: that of the reporter named first.
struct SampleSeries {
  std::string_view factor;  ///< canonical code
  std::string_view kind;    ///< Avg, Rtd …
  telemetry::Period period = telemetry::Period::instant;
  std::string_view unit;  ///< of the values
  std::span<const Sample> samples;
  std::span<const std::string> flags;
  std::span<const NonDetect> limits;
  std::span<const SampleOrigin> origins;  ///< at most 255; samples of those beyond have none

  /// Null when it is not known.
  [[nodiscard]] const SampleOrigin* origin(const Sample& sample) const {
    return sample.origin < origins.size() ? &origins[sample.origin] : nullptr;
  }
  /// Null when the sample was detected.
  [[nodiscard]] const NonDetect* non_detect(const Sample& sample) const {
    return sample.limit == 0 ? nullptr : &limits[sample.limit - 1];
  }
  /// The samples of [from, to).
  [[nodiscard]] std::span<const Sample> within(Instant from, Instant to) const;
};

/// The values of one point in whole units of its evaluator.
struct PointValues {
  const RosterPoint* point = nullptr;
  Instant from;                          ///< begin of the first unit
  Instant to;                            ///< end of the last one
  std::span<const SampleSeries> series;  ///< by factor, period (longest first), kind

  /// Null when the point has none.
  [[nodiscard]] const SampleSeries* find(std::string_view factor, telemetry::Period period,
                                         std::string_view kind = "Avg") const;
};

/// Which values an evaluator reads; empty lists mean all.
struct Reads {
  std::vector<std::string> factors;  ///< canonical codes
  std::vector<std::string> kinds;
  std::vector<telemetry::Period> periods;
};

/// Hears how the figures of one subject and period are made, for their calculation sheet; written by the code that makes them.
struct Explanation {
  /// What belongs to every indicator of the period.
  static constexpr std::size_t kEvery = std::numeric_limits<std::size_t>::max();
  EvaluationPeriod period;
  std::vector<std::pair<std::size_t, SheetStep>> steps;    ///< by indicator
  std::vector<std::pair<std::size_t, SheetInput>> inputs;  ///< by indicator
  /// What the figures follow from, for machines; operands that are not computed are places in `inputs`.
  std::vector<SheetOperation> operations = {};
  std::vector<SheetTable> tables = {};
  struct Result {
    std::size_t indicator = 0;
    SheetOperand at;
    Decimal value;
  };
  std::vector<Result> results = {};  ///< what gives a figure
  std::size_t wanted = kEvery;       ///< the indicator that is asked for; the others need not be explained
  std::vector<std::pair<std::size_t, standards::Text>> unproved = {};  ///< why operations do not lead to a figure
};

/// Takes results. Rows outside of what is being evaluated are dropped, so evaluators need not look.
class Sink {
 public:
  using Emit = std::function<Status(const Row&)>;
  using Intern = std::function<std::uint16_t(const Grade&)>;
  Sink(Emit emit, Intern intern, Explanation* explanation = nullptr)
      : emit_(std::move(emit)), intern_(std::move(intern)), explanation_(explanation) {}
  Status emit(const Row& row) { return emit_(row); }
  /// A number for Row::grade; equal grades have equal numbers.
  [[nodiscard]] std::uint16_t grade(const Grade& grade) { return intern_(grade); }
  /// Where to write down how the figures of a period are made; null while nobody asks.
  [[nodiscard]] Explanation* explains(const EvaluationPeriod& period) const {
    return explanation_ != nullptr && explanation_->period == period ? explanation_ : nullptr;
  }
  /// False when somebody asks how the figures of another period are made: nothing else is kept then.
  [[nodiscard]] bool wants(const EvaluationPeriod& period) const {
    return explanation_ == nullptr || explanation_->period == period;
  }

 private:
  Emit emit_;
  Intern intern_;
  Explanation* explanation_;
};

/// A result of a point that summarise() builds on; no text, so that millions of them cost little.
struct PointRow {
  std::size_t point = 0;  ///< place in Roster::points()
  std::size_t indicator = 0;
  EvaluationPeriod period;
  std::optional<Decimal> value;
  std::uint16_t grade = 0;  ///< as Sink::grade() gives it
  std::string_view primary;
  bool complete = true;
  standards::Verification verification = standards::Verification::unverified;
  std::string_view standard;
  Inputs inputs;
};

/// The results of judge() that are stored, also those of earlier runs.
using ReadRows = std::function<Status(PeriodKind kind, Instant from, Instant to,
                                      const std::function<Status(const PointRow&)>& visit)>;

/// What summarise() has to make: all groups and longer periods that are touched.
struct Summary {
  std::span<const EvaluationPeriod> years;  ///< whole years that hold everything touched, ascending
  /// Whether results of a period are wanted; others may be skipped.
  std::function<bool(const EvaluationPeriod&)> wanted;
  /// Of all points, or of those that belong to what is touched: what is made of too few of them is dropped.
  ReadRows rows;
};

/// What a value has to keep 达标限.
struct ComplianceBound {
  Decimal bound;          ///< itself complies
  bool at_least = false;  ///< otherwise: at most
};

/// How one element is evaluated 要素评价: plain functions, no state of their own.
struct Evaluator {
  std::string element;  ///< as in the register: air, surface_water …
  standards::Text title;
  std::vector<Indicator> indicators;  ///< the first of a period is the one screens begin with
  std::vector<Level> levels;
  std::vector<PeriodKind> periods;  ///< materialised
  /// Values are judged in whole units: a changed value of 14:00 leads to its whole day, month … being judged again.
  PeriodKind unit = PeriodKind::day;
  /// How far behind the end of a unit values still belong to it (the night that begins on its last day), in ms: so far a change reaches
  /// back, and series hold values up to PointValues::to + reach_ms.
  std::int64_t reach_ms = 0;
  /// What summarise() makes of a period is also made of results of the same period of the year before: a change against a base period.
  bool reads_year_before = false;
  /// The graded indicator that compliance is counted from, and its period.
  std::string compliance_indicator;
  PeriodKind compliance_period = PeriodKind::day;
  /// By what the grade of a figure of it complies or not, for the proof of a rate. None: nothing is asked of it.
  std::function<std::optional<ComplianceBound>(const Context&, const Figure&)> compliance_bound;

  std::function<Reads(const standards::StandardSet&)> reads;
  /// The unit in which files of this element are stored, of a canonical factor. Empty, or an empty answer: that of the code table.
  std::function<std::string(const standards::StandardSet&, std::string_view factor)> usual_unit;
  /// Made once for a set of standards and handed to every call as Context::prepared: tables that cost time. May be empty.
  std::function<Result<std::shared_ptr<const void>>(const standards::StandardSet&)> prepare;
  /// Judges one point: emits rows of level point whose period lies in [values.from, values.to). May run on several threads at once.
  std::function<Status(const Context&, const PointValues&, Sink&)> judge;
  /// Everything that is made of what judge() emitted: longer periods of points, groups. Empty = nothing.
  std::function<Status(const Context&, const Summary&, Sink&)> summarise;
  /// The calculation sheet behind a figure. Empty = none; errors: not_found.
  std::function<Result<Sheet>(const Context&, const SheetRequest&)> sheet;
  /// A figure of an hour that is not materialised, of one point. Empty = hours are materialised or do not exist.
  std::function<Status(const Context&, const PointValues&, Sink&)> judge_hour;
  /// The same of the groups of a level, from the figures of points. Empty = of points only.
  std::function<Status(const Context&, Level, const EvaluationPeriod&, std::span<const Figure>, Sink&)> group_hour;
};

/// All evaluators of the program, in the order of the screens.
[[nodiscard]] const std::vector<Evaluator>& evaluators();
/// Null when the element is not evaluated.
[[nodiscard]] const Evaluator* find_evaluator(std::string_view element);

}  // namespace mj::evaluation
