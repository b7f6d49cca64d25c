#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mj/evaluation/operation.hpp"
#include "mj/evaluation/result.hpp"
#include "mj/kernel/result.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::evaluation {

struct PointValues;

/// One step of a calculation, with the figures put in.
struct SheetStep {
  standards::Text title;
  std::string formula;  ///< "(115 − 60) / (120 − 60) × (100 − 50) + 50"
  std::string result;
  std::string unit;
  std::string clause;  ///< "HJ 633-2026 §4.2"
  std::optional<standards::Verification> verification;
  std::optional<std::uint32_t> operation =
      {};  ///< the one of Sheet::operations that gives this result; none = words only
};

/// A value of a series as its device or file gave it.
struct SheetValue {
  telemetry::SeriesKey series;
  Instant at;
  Decimal
      number;  ///< in the unit of the device; of what was not detected the detection limit, 0 when none was told
  bool not_detected = false;  ///< 未检出
};

/// One figure that a calculation starts from.
struct SheetInput {
  std::string label;  ///< factor or indicator as people name it: "PM2.5"
  std::string at;     ///< label of the time
  std::string text;   ///< empty when it is missing
  std::string unit;
  std::string flag;
  bool used = true;
  std::string reason;                  ///< why it is not used
  std::optional<std::uint64_t> entry;  ///< of the log; none for a result that has a sheet of its own:
  std::string subject;
  std::string indicator;
  std::optional<PeriodKind> period;
  Level level = Level::point;       ///< of that subject
  std::optional<Decimal> figure;    ///< of that result
  std::optional<SheetValue> value;  ///< of an entry
  std::string prove;                ///< name under which it can be proved offline; empty when it cannot
};

/// The calculation behind a figure 计算表.
struct Sheet {
  Figure figure;  ///< as it is stored
  std::string unit;
  std::vector<SheetStep> steps;
  std::vector<SheetInput> inputs;
  /// The calculation for machines: from inputs to the figure, by the code that writes the steps.
  std::vector<SheetOperation> operations;
  std::vector<SheetTable> tables;
  std::optional<SheetOperand> result;  ///< what gives the figure; none when the operations do not lead to it
  std::string prove;                   ///< name under which the figure itself can be proved; empty when it cannot
  standards::Text unproved;            ///< then: why not, for people
};

/// Which sheet, and where its inputs come from.
struct SheetRequest {
  Figure figure;  ///< the figure asked for
  /// Values of a point, as judge() gets them.
  std::function<Status(std::string_view point, Instant from, Instant to,
                       const std::function<Status(const PointValues&)>& use)>
      values;
  /// Stored results of one subject, ascending; indicator empty = all.
  std::function<Result<std::vector<Figure>>(Level level, std::string_view subject, std::string_view indicator,
                                            PeriodKind kind, Instant from, Instant to)>
      results;
};

}  // namespace mj::evaluation
