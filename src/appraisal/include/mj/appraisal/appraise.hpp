#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mj/appraisal/scheme.hpp"

namespace mj::appraisal {

/// A figure that was looked up for a subject.
struct FoundFigure {
  std::optional<Decimal> value;
  std::string shown;           ///< how it stands in the source: "III", "42.3"; empty = as the value
  registry::LocalName reason;  ///< why there is none
  std::string lineage;         ///< under which name it can be found again
  std::string prove = {};      ///< under which name it can be proved offline; empty: it stands in the register
  std::optional<Decimal> figure = {};  ///< what that name gives; `value` may be a number for its grade
};

/// Who is judged, pays or receives 主体.
struct Party {
  std::string kind;  ///< "district", "point", "fund" …
  std::string id;
  registry::LocalName name;
  bool operator==(const Party& other) const { return kind == other.kind && id == other.id; }
};

/// A subject with its neighbours.
struct AppraisedSubject {
  Party party;
  std::optional<Party> region;    ///< in which a point lies, by the register
  std::optional<Party> upstream;  ///< of a section
  std::optional<Party> downstream;
};

/// Where figures and names come from.
struct FigureSources {
  /// Subject → figure, of all subjects of the level that have one, for a rule of the first three sorts. `period`: the one that is
  /// appraised; the rule says which time is meant. Errors: what the source says.
  std::function<Result<std::map<std::string, FoundFigure>>(const ValueRule& rule, const Scheme& scheme,
                                                           const evaluation::EvaluationPeriod& period,
                                                           const std::vector<std::string>& subjects)>
      figures;
  /// Why a figure that was looked up cannot be proved; empty when it can. May be empty: all can.
  std::function<Result<standards::Text>(std::string_view name)> obstacle = {};
  /// Names of a subject and its neighbours on the last day of the period.
  std::function<AppraisedSubject(const Scheme& scheme, const std::string& id,
                                 const evaluation::EvaluationPeriod& period)>
      subject;
};

/// One step of a calculation 计算步骤.
struct Step {
  registry::LocalName text;
  std::string lineage;     ///< of a figure; empty otherwise
  std::string prove = {};  ///< name of that figure in proofs; empty when it has none
};

struct AppraisedItem {
  std::string id;
  std::optional<Decimal> figure;
  std::string unit;
  std::optional<Decimal> points;
  std::optional<Decimal> most;
  registry::LocalName reason;  ///< why there are no points; empty when there are
  std::vector<Step> steps;
};

struct AppraisedRow {
  Party subject;
  std::optional<Decimal> total;  ///< none when every figure is missing
  std::optional<int> rank;       ///< equal totals share a rank
  bool complete = true;
  registry::LocalName veto;  ///< what took all points; empty = nothing
  std::vector<AppraisedItem> items;
};

struct AppraisedPayment {
  Party payer;
  Party receiver;
  Party subject;
  std::optional<Decimal> amount;  ///< ≥ 0
  registry::LocalName reason;     ///< why there is none
  std::vector<Step> steps;
};

/// What a party pays and receives in all 收支.
struct Balance {
  Party party;
  Decimal pays;
  Decimal receives;
  Decimal net;
};

/// A scheme applied to a period 考核结果.
struct Appraisal {
  evaluation::EvaluationPeriod period;
  std::vector<AppraisedRow> rows;          ///< best first; without a total last
  std::vector<AppraisedPayment> payments;  ///< by subject
  std::vector<Balance> balances;
  std::vector<statistics::Note> notes;
};

/// Errors: invalid_input when the period is not of the scheme's kind; what the sources say.
[[nodiscard]] Result<Appraisal> appraise(const Scheme& scheme, const evaluation::EvaluationPeriod& period,
                                         const FigureSources& sources);

/// CSV or a workbook: results, steps, notes. Errors: unavailable.
[[nodiscard]] std::string to_csv(const Scheme& scheme, const Appraisal& appraisal);
[[nodiscard]] Result<std::string> to_xlsx(const Scheme& scheme, const Appraisal& appraisal);

}  // namespace mj::appraisal
