// Figures of evaluation, statistics and appraisal: calculation sheets, from the figure down to the entries, as steps.
#include <set>

#include "arithmetic.hpp"
#include "assembly.hpp"

namespace mj::bundle {
namespace {

using evaluation::EvaluationPeriod;
using evaluation::PeriodKind;
using evaluation::Sheet;
using evaluation::SheetOp;
using evaluation::SheetOperand;

/// Sheets of one figure; a year of a city's days has about so many.
constexpr std::size_t kMostSheets = 60'000;
/// Steps that fit into 2^23 JSON values together with the rest.
constexpr std::size_t kMostSteps = 600'000;

Op op_of(SheetOp op) {
  switch (op) {
    case SheetOp::below: return Op::below;
    case SheetOp::scale: return Op::scale;
    case SheetOp::round: return Op::round;
    case SheetOp::mean: return Op::mean;
    case SheetOp::sum: return Op::sum;
    case SheetOp::difference: return Op::difference;
    case SheetOp::product: return Op::product;
    case SheetOp::ratio: return Op::ratio;
    case SheetOp::percentile: return Op::percentile;
    case SheetOp::count: return Op::count;
    case SheetOp::max: return Op::max;
    case SheetOp::min: return Op::min;
    case SheetOp::level: return Op::level;
    case SheetOp::ln: return Op::ln;
    case SheetOp::lg: return Op::lg;
    case SheetOp::limit: return Op::limit;
    case SheetOp::interpolate: return Op::interpolate;
    case SheetOp::classify: return Op::classify;
  }
  return Op::round;
}

Table table_from(const evaluation::SheetTable& from) {
  Table table;
  table.id = from.id;
  table.edition = from.edition;
  table.clause = from.clause;
  table.verification = standards::name(from.verification);
  table.factor = from.factor;
  table.unit = from.unit;
  set_validity(table, from.validity);
  switch (from.kind) {
    case evaluation::SheetTable::Kind::breakpoints:
      table.kind = Table::Kind::breakpoints;
      table.rounding = Table::Rounding::up;
      table.decimals = from.decimals;
      break;
    case evaluation::SheetTable::Kind::classes:
      table.kind = Table::Kind::classes;
      table.better = from.better == evaluation::SheetTable::Better::lower    ? Table::Better::lower
                     : from.better == evaluation::SheetTable::Better::higher ? Table::Better::higher
                                                                             : Table::Better::within;
      break;
    case evaluation::SheetTable::Kind::parameter: table.kind = Table::Kind::parameter; break;
  }
  for (const evaluation::SheetTable::Row& each : from.rows) {
    TableRow row{each.low, each.high, each.text, {}};
    if (table.kind == Table::Kind::parameter) {
      row.text = to_text(*each.low);
    } else if (const auto index = parse_decimal(each.text)) {
      row.index = *index;
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// The day, month … that a name says with its begin and end. Errors: none for a time that is none.
std::optional<EvaluationPeriod> period_between(Instant from, Instant to) {
  for (const PeriodKind kind :
       {PeriodKind::hour, PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
    const auto period = EvaluationPeriod::of(kind, from);
    if (period.begin == from && period.end() == to) return period;
  }
  return std::nullopt;
}

class ResultAssembly {
 public:
  ResultAssembly(const Sources& sources, Assembly& assembly) : sources_(sources), assembly_(assembly) {}

  Status write(const FigureId& id) {
    MJ_TRY(const std::size_t figure, read(id));
    MJ_CHECK(take_entries());
    for (Node& node : nodes_) MJ_CHECK(add_node(node));
    Document& document = assembly_.document;
    document.value_step = nodes_[figure].step;
    document.value = assembly_.result(document.value_step);
    document.unit = nodes_[figure].sheet.unit;
    return {};
  }

 private:
  /// A figure that takes part: its sheet and where the results among its inputs are.
  struct Node {
    FigureId id;
    Sheet sheet;
    std::vector<bool> needed;                      ///< by operation: it leads to the figure
    std::map<std::uint32_t, std::size_t> results;  ///< by input: place in nodes_
    std::uint32_t step = 0;
  };

  static std::string said(const FigureId& id) {
    if (id.kind != FigureId::Kind::result) return id.text();
    const auto period = period_between(id.at, id.to);
    return fmt::format("{} of {} ({})", id.indicator, id.subject, period ? period->label() : to_iso(id.at));
  }

  Result<Sheet> sheet_of(const FigureId& id) {
    if (id.kind != FigureId::Kind::result) {
      if (!sources_.made_sheet) return Error(ErrorCode::not_found, "there are no such figures here");
      return sources_.made_sheet(id.text());
    }
    if (!sources_.sheets) return Error(ErrorCode::not_found, "nothing is evaluated here");
    const auto level = evaluation::parse_level(id.level);
    const auto period = period_between(id.at, id.to);
    if (!level || !period)
      return Error(ErrorCode::not_found, fmt::format("there are no figures of {} from {} to {}", id.level,
                                                     to_iso(id.at), to_iso(id.to)));
    auto& sheets = sheets_[id.element];
    if (!sheets) {
      MJ_TRY(sheets, sources_.sheets(id.element));
    }
    return sheets->sheet(*level, id.subject, id.indicator, *period);
  }

  /// The figure that stands among the inputs of another one. Errors: invalid_input when that is not known.
  static Result<FigureId> input_of(const FigureId& id, const evaluation::SheetInput& input) {
    if (!input.prove.empty()) {
      auto named = FigureId::parse(input.prove);
      if (!named || named->made()) return named;
    }
    const auto of = input.period ? EvaluationPeriod::parse(*input.period, input.at) : std::nullopt;
    if (!of)
      return Error(ErrorCode::invalid_input,
                   fmt::format("{}: it is not known where {} of {} comes from", said(id), input.label, input.at));
    FigureId found;
    found.kind = FigureId::Kind::result;
    found.element = id.element;
    found.level = evaluation::name(input.level);
    found.subject = input.subject;
    found.indicator = input.indicator;
    found.at = of->begin;
    found.to = of->end();
    return found;
  }

  /// Reads the sheet of a figure and those of its inputs; inputs stand before it in nodes_.
  Result<std::size_t> read(const FigureId& id) {
    const std::string key = id.text();
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    if (nodes_.size() == kMostSheets)
      return Error(
          ErrorCode::invalid_input,
          fmt::format("the figure is made of more than {} others: ask for the bundles of those that it is "
                      "made of",
                      kMostSheets));
    Node node;
    node.id = id;
    MJ_TRY(node.sheet, sheet_of(id));
    Sheet& sheet = node.sheet;
    if (!sheet.result) return Error(ErrorCode::invalid_input, fmt::format("{}: {}", said(id), sheet.unproved.en));
    sheet.steps.clear();
    node.needed.assign(sheet.operations.size(), false);
    std::set<std::uint32_t> inputs;
    need(*sheet.result, node, inputs);
    for (const std::uint32_t place : inputs) {
      const evaluation::SheetInput& input = sheet.inputs[place];
      if (input.value && input.entry) {
        entries_.insert(*input.entry);
        if (entries_.size() > kMostSteps)
          return Error(
              ErrorCode::invalid_input,
              fmt::format("the figure rests on more than {} values, more than one bundle holds; the figures "
                          "that it is made of have bundles of their own (its calculation sheet names them)",
                          kMostSteps));
        continue;
      }
      MJ_TRY(const FigureId of, input_of(id, input));
      MJ_TRY(const std::size_t child, read(of));
      const auto& shown = nodes_[child].sheet.figure.value;
      if (input.figure && shown && compare(*input.figure, *shown) != 0)
        return Error(ErrorCode::unavailable,
                     fmt::format("{} was {} and is {} now: values arrived while the bundle was made; ask again",
                                 said(of), to_text(*input.figure), to_text(*shown)));
      node.results.emplace(place, child);
    }
    nodes_.push_back(std::move(node));
    known_.emplace(key, nodes_.size() - 1);
    return nodes_.size() - 1;
  }

  /// Marks what leads to an operand; operations refer to earlier ones only.
  static void need(const SheetOperand& operand, Node& node, std::set<std::uint32_t>& inputs) {
    if (!operand.computed) {
      inputs.insert(operand.place);
      return;
    }
    node.needed[operand.place] = true;
    for (std::size_t i = operand.place + 1; i-- > 0;) {
      if (!node.needed[i]) continue;
      for (const SheetOperand& each : node.sheet.operations[i].operands) {
        if (each.computed) {
          node.needed[each.place] = true;
        } else {
          inputs.insert(each.place);
        }
      }
    }
  }

  Status take_entries() {
    std::size_t taken = 0;
    for (const std::uint64_t entry : entries_) {
      const Status status = assembly_.take(entry);
      if (status) {
        ++taken;
        continue;
      }
      if (status.error().code() != ErrorCode::invalid_input) return status;
      // Those that are there tell how many bytes all of them have, about.
      const double bytes = static_cast<double>(assembly_.bytes()) / static_cast<double>(taken + 1) *
                           static_cast<double>(entries_.size());
      return Error(
          ErrorCode::invalid_input,
          fmt::format("the figure rests on {} entries of about {:.0f} MB, more than one bundle holds; the "
                      "figures that it is made of have bundles of their own (its calculation sheet names them)",
                      entries_.size(), bytes / 1e6));
    }
    return {};
  }

  Result<std::uint32_t> leaf(const evaluation::SheetInput& input) {
    const evaluation::SheetValue& value = *input.value;
    if (!value.not_detected) {
      auto exact = assembly_.add_value(value.series, value.at, *input.entry, to_text(value.number));
      if (exact || exact.error().code() != ErrorCode::damaged) return exact;
    }
    // The mark of a detection limit has several spellings, and long fractions count with fewer digits: what the platform stored.
    MJ_TRY(const auto revisions, sources_.store.revisions(value.series, value.at));
    for (const telemetry::Observation& revision : revisions) {
      if (revision.entry != *input.entry) continue;
      MJ_TRY(const std::uint32_t stored, assembly_.add_value(value.series, value.at, *input.entry, revision.text));
      if (value.not_detected) return stored;
      return assembly_.add(Op::round, {stored}, 0, {}, value.number.decimals);
    }
    return Error(ErrorCode::damaged,
                 fmt::format("the platform has no value of {} from entry {}", to_iso(value.at), *input.entry));
  }

  std::uint32_t table(const evaluation::SheetTable& wanted) {
    for (const auto& [known, place] : tables_) {
      if (known == wanted) return place;
    }
    Table made = table_from(wanted);
    const auto same_id = [&](const auto& known) { return known.first.id == wanted.id; };
    const auto others = std::count_if(tables_.begin(), tables_.end(), same_id);
    if (others > 0) made.id += fmt::format("#{}", others + 1);
    const std::uint32_t place = assembly_.add_table(std::move(made));
    tables_.emplace_back(wanted, place);
    return place;
  }

  Status add_node(Node& node) {
    const Sheet& sheet = node.sheet;
    std::vector<std::uint32_t> steps(sheet.operations.size());
    const auto step_of = [&](const SheetOperand& operand) -> Result<std::uint32_t> {
      if (operand.computed) return steps[operand.place];
      if (const auto result = node.results.find(operand.place); result != node.results.end())
        return nodes_[result->second].step;
      return leaf(sheet.inputs[operand.place]);
    };
    for (std::size_t i = 0; i < sheet.operations.size(); ++i) {
      if (!node.needed[i]) continue;
      const evaluation::SheetOperation& operation = sheet.operations[i];
      Step step;
      step.op = op_of(operation.op);
      step.decimals = operation.decimals;
      step.number = operation.number;
      step.clause = operation.clause;
      if (operation.table) step.table = table(sheet.tables[*operation.table]);
      for (const SheetOperand& operand : operation.operands) {
        MJ_TRY(const std::uint32_t input, step_of(operand));
        step.inputs.push_back(input);
      }
      if (assembly_.document.steps.size() >= kMostSteps)
        return Error(
            ErrorCode::invalid_input,
            fmt::format("the figure needs more than {} steps, more than one bundle holds; the figures that "
                        "it is made of have bundles of their own (its calculation sheet names them)",
                        kMostSteps));
      MJ_TRY(steps[i], assembly_.add(std::move(step)));
    }
    MJ_TRY(node.step,
           sheet.result->computed ? Result<std::uint32_t>(steps[sheet.result->place]) : step_of(*sheet.result));
    const std::string& proved = assembly_.result(node.step);
    const evaluation::Figure& figure = sheet.figure;
    if (!same_value(proved, to_text(*figure.value))) {
      return Error(ErrorCode::damaged, fmt::format("{}: the evidence gives {}, the platform shows {}",
                                                   said(node.id), proved, to_text(*figure.value)));
    }
    return {};
  }

  const Sources& sources_;
  Assembly& assembly_;
  std::map<std::string, std::unique_ptr<evaluation::Sheets>> sheets_;  ///< by element
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> known_;  ///< by name
  std::set<std::uint64_t> entries_;
  std::vector<std::pair<evaluation::SheetTable, std::uint32_t>> tables_;
};

}  // namespace

Status assemble_result(const Sources& sources, Assembly& assembly) {
  return ResultAssembly(sources, assembly).write(*assembly.document.figure_id);
}

}  // namespace mj::bundle
