#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "commands.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/storage/file.hpp"
#include "register_access.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

constexpr int kFaultyRows = 3;  ///< exit status when rows of an import were faulty

struct RegisterOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string data, share;
  std::string kind, id, as_of, text, region, element, state, columns;
  std::string file, output, format = "csv", titles = "key";
  std::string effective, name, reason, document, authority, date;
  std::optional<double> distance_m;
  bool dry_run = false, skip_bad = false;
};

int write_out(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

Result<RecordQuestion> question_of(const RegisterOptions& options) {
  RecordQuestion question{options.kind, options.as_of, {}};
  question.filter.text = options.text;
  question.filter.region = options.region;
  if (!options.element.empty()) question.filter.equal.emplace("element", options.element);
  if (!options.state.empty()) {
    question.filter.state = registry::parse_state(options.state);
    if (!question.filter.state) return Error(ErrorCode::invalid_input, "--state is active, planned or stopped");
  }
  return question;
}

std::vector<std::string> attribute_keys(const std::string& list) {
  std::vector<std::string> items;
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    items.emplace_back(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return items;
}

Result<int> list_records(const RegisterAccess& access, const RegisterOptions& options) {
  MJ_TRY(const RecordQuestion question, question_of(options));
  MJ_TRY(const auto records, access.list(question));
  const std::vector<std::string> keys = attribute_keys(options.columns);
  std::vector<TextTable::Column> columns{{"id"}, {"name"}, {"state"}, {"since"}};
  for (const std::string& key : keys) columns.push_back({key});
  TextTable table(std::move(columns));
  for (const registry::Record& record : records) {
    std::vector<std::string> cells{record.id, record.name().zh, std::string(registry::name(record.state)),
                                   registry::to_text(record.valid_from)};
    for (const std::string& key : keys) cells.push_back(record.get(key));
    table.add(std::move(cells));
  }
  write_out(table.text());
  return write_out(fmt::format("{} records\n", records.size()));
}

std::string approval_text(const registry::Approval* approval) {
  if (approval == nullptr) return {};
  return fmt::format("{}, {}{}", approval->document, approval->authority,
                     approval->date ? ", " + registry::to_text(*approval->date) : "");
}

/// A value as one short cell; geometries are long.
std::string short_value(const std::string& value) {
  constexpr std::size_t kMostShown = 200;
  return value.size() <= kMostShown ? value : fmt::format("({} bytes)", value.size());
}

std::string history_text(const std::vector<registry::HistoryStep>& history) {
  TextTable table({{"effective"},
                   {"action"},
                   {"attributes"},
                   {"approval"},
                   {"who"},
                   {"why"},
                   {"entry", TextTable::Align::right}});
  for (const registry::HistoryStep& step : history) {
    std::string said;
    for (const auto& [key, value] : step.set)
      said += fmt::format("{}{}={}", said.empty() ? "" : "; ", key, short_value(value));
    for (const std::string& key : step.clear) said += fmt::format("{}{} cleared", said.empty() ? "" : "; ", key);
    table.add({registry::to_text(step.effective), std::string(registry::name(step.action)), said,
               approval_text(step.approval.get()), step.author->name, step.author->reason,
               fmt::format("{}", step.entry)});
  }
  return table.text();
}

Result<int> show_record(const RegisterAccess& access, const RegisterOptions& options) {
  MJ_TRY(const RecordAnswer answer, access.show(options.kind, options.id, options.as_of));
  if (!answer.record) {
    write_out(fmt::format("{} {} was not there yet\n", options.kind, options.id));
  } else {
    const registry::Record& record = *answer.record;
    TextTable table({{"attribute"}, {"value"}});
    for (const auto& [key, value] : record.attributes) table.add({key, short_value(value)});
    write_out(fmt::format("{} {}  {}  {} … {}  entry {}\n", record.kind, record.id, registry::name(record.state),
                          registry::to_text(record.valid_from),
                          record.valid_to ? registry::to_text(*record.valid_to) : "", record.entry));
    write_out(table.text());
  }
  return 0;
}

Result<int> record_history(const RegisterAccess& access, const RegisterOptions& options) {
  MJ_TRY(const RecordAnswer answer, access.show(options.kind, options.id, {}));
  return write_out(history_text(answer.history));
}

std::string hints_text(const std::vector<registry::Hint>& hints) {
  TextTable table({{"record"}, {"other"}, {"metres", TextTable::Align::right}, {"why"}});
  for (const registry::Hint& hint : hints) {
    table.add({hint.a, hint.b, fmt::format("{:.0f}", hint.distance_m), registry::title(hint.why).en});
  }
  return table.text();
}

Result<int> list_hints(const RegisterAccess& access, const RegisterOptions& options) {
  MJ_TRY(const auto hints, access.duplicates(options.as_of, options.element, options.distance_m));
  return write_out(hints.empty() ? "nothing to point out\n" : hints_text(hints));
}

Result<registry::Day> day_or_today(const std::string& text, std::string_view option) {
  if (text.empty()) return registry::Day::of(runtime::system_clock()());
  const auto day = registry::parse_day(text);
  if (!day)
    return Error(ErrorCode::invalid_input, fmt::format("{}: \"{}\" is no day; write 2026-03-01", option, text));
  return *day;
}

Result<int> import_table(const RegisterAccess& access, const RegisterOptions& options) {
  registry::RecordImport wanted;
  wanted.kind = options.kind;
  MJ_TRY(wanted.bytes, storage::read_file(options.file));
  MJ_TRY(wanted.effective, day_or_today(options.effective, "--effective"));
  if (!options.document.empty() || !options.authority.empty() || !options.date.empty()) {
    wanted.approval = registry::Approval{options.document, options.authority, {}};
    if (!options.date.empty()) {
      MJ_TRY(wanted.approval->date, day_or_today(options.date, "--date"));
    }
  }
  wanted.dry_run = options.dry_run;
  wanted.skip_bad = options.skip_bad;
  wanted.author = {options.name, options.reason};
  if (wanted.author.name.empty()) {
    const char* login = std::getenv("USER");
    wanted.author.name = login == nullptr ? "" : login;
  }
  if (!wanted.dry_run && wanted.author.reason.empty()) {
    return Error(ErrorCode::invalid_input, "--reason: say why; it is recorded with the change (or use --dry-run)");
  }
  MJ_TRY(const registry::ImportReport report, access.import(wanted));
  const registry::Plan& plan = report.plan;
  TextTable faults({{"row", TextTable::Align::right}, {"line", TextTable::Align::right}, {"column"}, {"fault"}});
  for (const registry::RowFault& fault : plan.faults) {
    faults.add({fmt::format("{}", fault.row), fmt::format("{}", fault.line), fault.column, fault.text});
  }
  if (!plan.faults.empty()) write_out(faults.text());
  if (!plan.hints.empty()) write_out(hints_text(plan.hints));
  std::string entries;
  for (const std::uint64_t entry : report.entries)
    entries += fmt::format("{}{}", entries.empty() ? "" : ", ", entry);
  write_out(fmt::format("{} rows: {} added, {} changed, {} unchanged, {} faulty. {}\n", plan.rows, plan.added,
                        plan.changed, plan.unchanged, plan.faulty_rows,
                        report.dry_run    ? "Nothing is recorded: this was a dry run."
                        : entries.empty() ? "Nothing is recorded."
                                          : "Recorded in entries " + entries + "."));
  return plan.faults.empty() ? 0 : kFaultyRows;
}

Result<int> export_table(const RegisterAccess& access, const RegisterOptions& options) {
  RegisterOptions chosen = options;
  if (options.output.ends_with(".xlsx")) chosen.format = "xlsx";
  MJ_TRY(const RecordQuestion question, question_of(chosen));
  MJ_TRY(const std::string bytes, access.export_table(question, chosen.format, chosen.titles));
  if (options.output.empty()) return write_out(bytes);
  std::ofstream file(options.output, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) return Error(ErrorCode::unavailable, fmt::format("cannot write {}", options.output));
  return 0;
}

using RegisterAct = Result<int> (*)(const RegisterAccess&, const RegisterOptions&);

Result<int> perform_register(RegisterAct act, const RegisterOptions& options) {
  try {
    if (!options.data.empty()) {
      MJ_TRY(const RegisterAccess access, RegisterAccess::of_directory(options.data, options.share));
      return act(access, options);
    }
    MJ_TRY(const RegisterAccess access, RegisterAccess::of_server(options.url));
    return act(access, options);
  } catch (const Json::exception& exception) {
    return Error(ErrorCode::internal, fmt::format("{} does not answer as this program's version expects: {}",
                                                  options.url, exception.what()));
  }
}

}  // namespace

void add_register(CLI::App& app, Run& run) {
  auto options = std::make_shared<RegisterOptions>();
  CLI::App* group =
      app.add_subcommand("register", "The register: organisations, regions, rivers, points, instruments …");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, RegisterAct act) {
    CLI::App* command = group->add_subcommand(name, what);
    auto* url = command->add_option("--url", options->url, "Where the server is")->capture_default_str();
    command->add_option("--data", options->data, "Data directory whose server is stopped, instead of a server")
        ->excludes(url);
    command->add_option("--share", options->share, "Folder with rules/ (default: found beside the program)");
    command->callback([options, act, &run] { run = [options, act] { return perform_register(act, *options); }; });
    return command;
  };
  const auto add_kind = [&](CLI::App* command) {
    command->add_option("kind", options->kind, "organisation, region, river, lake, site, point, instrument …")
        ->required();
  };
  const auto add_filter = [&](CLI::App* command) {
    command->add_option("--as-of", options->as_of, "The day for which is asked, 2026-03-01 (default: today)");
    command->add_option("--text", options->text, "Only those with this in id or name");
    command->add_option("--region", options->region, "Only in this region or below it (GB/T 2260 code)");
    command->add_option("--element", options->element, "Only of this element: air, surface_water, noise …");
    command->add_option("--state", options->state, "Only active, planned or stopped");
  };
  CLI::App* command = add("list", "Records of a kind as they are on a day", list_records);
  add_kind(command);
  add_filter(command);
  command->add_option("--columns", options->columns, "Attributes to show besides, e.g. element,region,reporters");

  command = add("show", "One record on a day", show_record);
  add_kind(command);
  command->add_option("id", options->id, "Id of the record")->required();
  command->add_option("--as-of", options->as_of, "The day for which is asked (default: today)");

  command = add("history", "Everything that happened to a record, newest first", record_history);
  add_kind(command);
  command->add_option("id", options->id, "Id of the record")->required();

  command = add("import", "Add and change records by a CSV, XLSX or GeoJSON file", import_table);
  add_kind(command);
  command->add_option("file", options->file, "The file")->required()->check(CLI::ExistingFile);
  command->add_flag("--dry-run", options->dry_run, "Only tell what would happen");
  command->add_flag("--skip-bad", options->skip_bad, "Record the good rows although others are faulty");
  command->add_option("--effective", options->effective,
                      "Day from which on rows without one hold (default: today)");
  command->add_option("--name", options->name, "Who; recorded (default: the user's login name)");
  command->add_option("--reason", options->reason, "Why; recorded");
  command->add_option("--approval,--document", options->document,
                      "Number or title of the document that allows the changes; needed for rows that name none");
  command->add_option("--authority", options->authority, "Who approved; goes with --approval");
  command->add_option("--date", options->date, "Day of the approval");
  command->footer(
      "Columns: id (编号) · action (操作): add 新增, change 变更, move 迁移, stop 停用, resume 恢复; empty: "
      "whichever fits ·\n"
      "effective (生效日期) · attributes by key or title, as rules/register.toml lists them. An empty cell leaves "
      "an attribute\n"
      "as it is; <clear> or <清空> makes it unknown. GeoJSON: id or properties.id (or the name of a record that "
      "is there),\n"
      "properties by attribute, geometry. Every row that changes something needs an approval, in a dry run too:\n"
      "that of the whole file (--approval, --authority, --date) or its own in the columns approval (批准文号),\n"
      "approval_authority (批准机关), approval_date (批准日期). Exit status 3 when rows are faulty; nothing is\n"
      "recorded then unless --skip-bad.\n"
      "Example:\n"
      "  mingjian register import point points.xlsx --reason \"plan of 2026\" --approval 渝环〔2026〕12号 "
      "--authority 市生态环境局");

  command = add("export", "All records of a kind as a table that import reads again", export_table);
  add_kind(command);
  add_filter(command);
  command->add_option("--output", options->output,
                      "File to write; .xlsx makes a workbook (default: CSV to the terminal)");
  command->add_option("--format", options->format, "csv or xlsx")
      ->capture_default_str()
      ->check(CLI::IsMember({"csv", "xlsx"}));
  command->add_option("--titles", options->titles, "What heads the columns: key, zh or en")
      ->capture_default_str()
      ->check(CLI::IsMember({"key", "zh", "en"}));
  command->footer(
      "Besides the attributes: state, valid_from, valid_to (first day on which it no longer holds), entry (the "
      "newest\n"
      "decision in the evidence log it rests on). Outlines are not in the table.");

  command = add("duplicates", "Points that look like one and the same, and points in a wrong place", list_hints);
  command->add_option("--as-of", options->as_of, "The day for which is asked (default: today)");
  command->add_option("--element", options->element, "Only points of this element");
  command->add_option("--distance", options->distance_m, "Metres, instead of the rule's")
      ->check(CLI::NonNegativeNumber);
}

}  // namespace mj::app
