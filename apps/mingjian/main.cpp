#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"

namespace {

/// Every connection is a descriptor: use what the administrator allows, not the shell's default of 1,024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace

int main(int argc, char** argv) {
  raise_descriptor_limit();
  CLI::App app{
      "明鉴 Mingjian — ecological-environment monitoring whose every figure can be checked back to the "
      "instrument's bytes.",
      "mingjian"};
  app.set_version_flag("--version", MJ_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Examples:\n"
      "  mingjian demo --data ./data/demo          a live demonstration network and its screens\n"
      "  mingjian serve --data /var/lib/mingjian   receive devices and serve the screens\n"
      "  mingjian verify --data ./data/demo        is the evidence what was received?\n"
      "  mingjian frame decode capture.bin         any bytes to one JSON object per frame\n"
      "Each command explains itself: mingjian COMMAND --help");
  mj::app::Run run;
  mj::app::add_serve(app, run);
  mj::app::add_demo(app, run);
  mj::app::add_simulate(app, run);
  mj::app::add_rebuild(app, run);
  mj::app::add_verify(app, run);
  mj::app::add_frame(app, run);
  mj::app::add_series(app, run);
  mj::app::add_assess(app, run);
  mj::app::add_evaluate(app, run);
  mj::app::add_standards(app, run);
  mj::app::add_device(app, run);
  mj::app::add_evidence(app, run);
  mj::app::add_verify_bundle(app, run);
  mj::app::add_witness(app, run);
  mj::app::add_coverage(app, run);
  mj::app::add_statistics(app, run);
  mj::app::add_appraise(app, run);
  mj::app::add_import(app, run);
  mj::app::add_register(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure) == 0 ? 0 : 2;
  }
  const auto status = run();
  if (!status) {
    fmt::print(stderr, "mingjian: {}\n", status.error().text());
    return 1;
  }
  return *status;
}
