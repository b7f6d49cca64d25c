#pragma once

#include <functional>
#include <string>

#include "mj/kernel/result.hpp"

namespace CLI {
class App;
}

namespace mj::app {

/// What the chosen command does; returns the exit status.
using Run = std::function<Result<int>()>;

/// Each adds its subcommand with options, help and examples, and sets `run` when it is chosen.
void add_serve(CLI::App& app, Run& run);
void add_demo(CLI::App& app, Run& run);
void add_simulate(CLI::App& app, Run& run);
void add_rebuild(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_frame(CLI::App& app, Run& run);
void add_series(CLI::App& app, Run& run);
void add_evaluate(CLI::App& app, Run& run);
void add_assess(CLI::App& app, Run& run);
void add_standards(CLI::App& app, Run& run);
void add_device(CLI::App& app, Run& run);
void add_evidence(CLI::App& app, Run& run);
void add_verify_bundle(CLI::App& app, Run& run);
void add_witness(CLI::App& app, Run& run);
void add_coverage(CLI::App& app, Run& run);
void add_statistics(CLI::App& app, Run& run);
void add_appraise(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);
void add_register(CLI::App& app, Run& run);

/// Parts of `mingjian evidence`: keys and proofs; backup, restore, retirement; export of bundles.
void add_evidence_keys(CLI::App& evidence, Run& run);
void add_evidence_files(CLI::App& evidence, Run& run);
void add_evidence_export(CLI::App& evidence, Run& run);

}  // namespace mj::app
