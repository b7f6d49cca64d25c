#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "mj/standards/audit.hpp"
#include "platform.hpp"
#include "standards_print.hpp"

namespace mj::app {
namespace {

struct StandardsOptions {
  std::string share;
  std::string local;
  std::string directory;
  std::string id;
  StandardsFilter filter;
  std::string verification;
  std::string at;
  std::string format = "table";
};

void add_common(CLI::App& command, StandardsOptions& options) {
  command.add_option("--share", options.share, "Folder with standards/ (default: found beside the program)");
  command.add_option("--local", options.local, "Folder of local standards that override the shipped ones");
}

void add_format(CLI::App& command, StandardsOptions& options) {
  command.add_option("--at", options.at, "Only what is in force on this day, e.g. 2026-03-01");
  command.add_option("--format", options.format, "table, csv or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "csv", "json"}));
}

Result<standards::StandardSet> load(const StandardsOptions& options) {
  if (!options.directory.empty()) return standards::StandardSet::load(options.directory, options.local);
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  return standards::StandardSet::load(share / "standards", options.local);
}

Result<StandardsFilter> filter_of(const StandardsOptions& options) {
  StandardsFilter filter = options.filter;
  if (!options.verification.empty()) filter.verification = standards::parse_verification(options.verification);
  if (!options.at.empty()) {
    filter.at = parse_iso(options.at);
    if (!filter.at)
      return Error(ErrorCode::invalid_input,
                   fmt::format("--at: \"{}\" is not a day such as 2026-03-01", options.at));
  }
  return filter;
}

Result<int> list(const StandardsOptions& options) {
  MJ_TRY(const auto set, load(options));
  MJ_TRY(const StandardsFilter filter, filter_of(options));
  fmt::print("{}", list_text(set, filter, options.format));
  return 0;
}

Result<int> show(const StandardsOptions& options) {
  MJ_TRY(const auto set, load(options));
  MJ_TRY(const StandardsFilter filter, filter_of(options));
  const standards::Edition* edition = set.edition(options.id);
  if (edition == nullptr)
    return Error(ErrorCode::not_found,
                 fmt::format("no edition \"{}\"; `mingjian standards list` names them all", options.id));
  fmt::print("{}", show_text(set, *edition, filter, options.format));
  return 0;
}

Result<int> check(const StandardsOptions& options) {
  const auto set = load(options);
  if (!set) {
    fmt::print("fault: {}\n1 fault\n", set.error().text());
    return 1;
  }
  const standards::Audit found = standards::audit(*set);
  for (const standards::Fault& fault : found.faults) fmt::print("fault: {}: {}\n", fault.place, fault.text);
  using standards::Verification;
  fmt::print("{} editions, {} tables, {} rows: ", found.editions, found.tables, found.rows);
  for (const auto state :
       {Verification::verified, Verification::third_party, Verification::inferred, Verification::unverified})
    fmt::print("{}{} {}", state == Verification::verified ? "" : ", ", standards::name(state),
               found.by_state.at(static_cast<std::size_t>(state)));
  fmt::print("\n");
  if (!options.local.empty()) fmt::print("{} local rows, {} rows replaced by them\n", found.local, found.replaced);
  if (!found.unverified_in.empty()) fmt::print("UNVERIFIED rows, by edition:\n");
  for (const std::string& line : found.unverified_in) fmt::print("  {}\n", line);
  fmt::print("digest {}\n{} faults\n", set->digest(), found.faults.size());
  return found.faults.empty() ? 0 : 1;
}

}  // namespace

void add_standards(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("standards", "The rule book: every table of every standard, and its state");
  command->require_subcommand(1);
  auto options = std::make_shared<StandardsOptions>();
  CLI::App* listed = command->add_subcommand("list", "Tables of all editions, with counts by verification state");
  add_common(*listed, *options);
  add_format(*listed, *options);
  listed->add_option("--kind", options->filter.kind, "Only tables of this kind, e.g. air_limits");
  listed->add_option("--verification", options->verification, "Only tables with rows of this state")
      ->check(CLI::IsMember({"VERIFIED", "THIRD_PARTY", "INFERRED", "UNVERIFIED"}));
  listed->footer("Example:\n  mingjian standards list --verification UNVERIFIED --at 2026-04-01");
  listed->callback([options, &run] { run = [options] { return list(*options); }; });

  CLI::App* shown = command->add_subcommand("show", "An edition with all its tables, clauses, days and states");
  shown->add_option("id", options->id, "Id of the edition, e.g. \"GB 3095-2026\"")->required();
  add_common(*shown, *options);
  add_format(*shown, *options);
  shown->add_option("--kind", options->filter.kind, "Only tables of this kind");
  shown->footer("Example:\n  mingjian standards show \"GB 3095-2026\" --at 2031-01-01");
  shown->callback([options, &run] { run = [options] { return show(*options); }; });

  CLI::App* checked =
      command->add_subcommand("check", "Overlaps, gaps, dangling references, unknown units, unverified figures");
  checked->add_option("directory", options->directory, "Folder of standards (default: the shipped one)");
  add_common(*checked, *options);
  checked->footer(
      "Exit status 1 when there is a fault.\nExample:\n  mingjian standards check --local "
      "/var/lib/mingjian/standards.local");
  checked->callback([options, &run] { run = [options] { return check(*options); }; });
}

}  // namespace mj::app
