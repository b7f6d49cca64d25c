#include "assess_command.hpp"

#include "platform.hpp"
#include "table_file.hpp"

namespace mj::app {

void add_table_options(CLI::App& command, AssessCommon& common) {
  command.add_option("--input", common.input, "Table to judge: CSV, plain or zstd; - = standard input")
      ->required();
  command.add_option(
      "--standard", common.standard,
      "Edition to judge by, e.g. \"HJ 633-2026\" (default: the one in force at the time of the data)");
  command.add_option("--format", common.format, "csv or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"csv", "json"}));
  command.add_option("--share", common.share,
                     "Folder with standards/ and rules/ (default: found beside the program)");
  command.add_option("--local", common.local, "Folder of local standards that override the shipped ones");
}

Result<int> judge_table(const AssessCommon& common, const Evaluate& evaluate) {
  MJ_TRY(const std::filesystem::path share, find_share(common.share));
  MJ_TRY(const auto standards, standards::StandardSet::load(share / "standards", common.local));
  MJ_TRY(auto input, open_table(common.input));
  const assess::SheetRun run{standards, std::move(input), standard_output(),
                             common.format == "json" ? assess::SheetFormat::json : assess::SheetFormat::csv,
                             common.standard};
  if (auto rows = evaluate(run); !rows) return rows.error().context(common.input);
  return 0;
}

}  // namespace mj::app
