#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "commands.hpp"
#include "mj/assess/sheet.hpp"

namespace mj::app {

/// What every subcommand of assess has.
struct AssessCommon {
  std::string input;
  std::string standard;
  std::string format = "csv";
  std::string share;
  std::string local;
};

template <typename Sheet>
struct AssessOptions {
  AssessCommon common;
  Sheet sheet;
  std::string report;
};

void add_table_options(CLI::App& command, AssessCommon& common);

using Evaluate = std::function<Result<std::size_t>(const assess::SheetRun&)>;
/// Loads the standards, opens the table and evaluates it; the name of the file stands before errors.
[[nodiscard]] Result<int> judge_table(const AssessCommon& common, const Evaluate& evaluate);

/// Subcommands of `mingjian assess` for precipitation, radiation, ecology and recordings of sound.
void add_assess_rain(CLI::App& assess, Run& run);
void add_assess_radiation(CLI::App& assess, Run& run);
void add_assess_ecology(CLI::App& assess, Run& run);
void add_assess_spectrum(CLI::App& assess, Run& run);

}  // namespace mj::app
