#include "mj/assess/ecology.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

/// The rules of the last row; most tables need one load for all rows.
class RulesOfDay {
 public:
  explicit RulesOfDay(const SheetRun& run, std::string index) : run_(run), index_(std::move(index)) {}
  [[nodiscard]] Result<const EcologyRules*> at(Instant moment) {
    if (!rules_ || moment != moment_) {
      MJ_TRY(rules_, EcologyRules::load(run_.standards, moment, index_, run_.standard));
      moment_ = moment;
    }
    return &*rules_;
  }

 private:
  const SheetRun& run_;
  std::string index_;
  std::optional<EcologyRules> rules_;
  Instant moment_;
};

Result<EcologyRestriction> restriction_of(const SheetReader& reader, const std::optional<std::size_t>& column) {
  if (!column || reader.missing(*column) || reader.cell(*column) == "none") return EcologyRestriction::none;
  if (reader.cell(*column) == "medium") return EcologyRestriction::medium;
  if (reader.cell(*column) == "major") return EcologyRestriction::major;
  return reader.error(*column, fmt::format("\"{}\" is none of none, medium, major", reader.cell(*column)));
}

}  // namespace

Result<std::size_t> ecology_sheet(const SheetRun& run, const EcologySheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const std::size_t region, reader.require("region"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  const auto restriction = reader.find("restriction");
  if (restriction && sheet.index != "EI")
    return Error(ErrorCode::invalid_input, "header: only EI knows restrictions");
  SheetWriter writer(run.output, run.format,
                     {"region", "time", "index", "value", "grade", "name", "change", "change_name", "restriction",
                      "standard", "verification"});
  RulesOfDay rules_of_day(run, sheet.index);
  std::map<std::string, Decimal, std::less<>> before;
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(region));
    MJ_TRY(const Instant at, reader.time(time));
    MJ_TRY(const EcologyRules* rules, rules_of_day.at(at));
    std::vector<Decimal> values;
    for (const EcologyRules::Item& item : rules->items()) {
      MJ_TRY(const std::size_t column, reader.require(column_name(item.name)));
      MJ_TRY(const auto value, reader.number(column));
      if (!value) return reader.error(column, "the cell is empty; an index needs all its sub-indices");
      values.push_back(*value);
    }
    MJ_TRY(const EcologyRestriction restricted, restriction_of(reader, restriction));
    const auto index = rules->index(values);
    if (!index) return reader.error(region, "the sub-indices have too many digits");
    const EcologyRules::Grade& grade = rules->grade(*index, restricted);
    writer.text(name).text(reader.cell(time)).text(sheet.index).decimal(*index).integer(grade.number);
    writer.text(sheet.english ? grade.en : grade.zh);
    const auto earlier = before.find(name);
    const auto change = earlier == before.end() ? std::nullopt : rules->change(earlier->second, *index);
    writer.decimal(change ? (Exact(*index) - earlier->second).round(index->decimals) : std::nullopt);
    writer.text_or_none(!change ? "" : sheet.english ? change->en : change->zh);
    writer.text_or_none(restricted == EcologyRestriction::none ? "" : reader.cell(*restriction));
    writer.text(rules->edition()).text(standards::name(rules->verification(grade)));
    MJ_CHECK(writer.end_row());
    before[std::string(name)] = *index;
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess
