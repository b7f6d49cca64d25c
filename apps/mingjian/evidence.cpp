#include <CLI/CLI.hpp>

#include "commands.hpp"

namespace mj::app {

void add_evidence(CLI::App& app, Run& run) {
  CLI::App* evidence =
      app.add_subcommand("evidence", "Keys, proofs, backup and export of the evidence log 存证日志");
  evidence->require_subcommand(1);
  add_evidence_keys(*evidence, run);
  add_evidence_files(*evidence, run);
  add_evidence_export(*evidence, run);
}

}  // namespace mj::app
