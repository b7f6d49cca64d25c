#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "commands.hpp"
#include "mj/evidence/verify.hpp"
#include "mj/runtime/clock.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

Result<int> verify(const std::string& data) {
  if (!std::filesystem::exists(DataDirectory{data}.evidence())) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no evidence log; name the data directory of a server", data));
  }
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const std::int64_t began = runtime::steady_ms();
  std::int64_t shown = began;
  const auto report = evidence::verify(DataDirectory{data}.evidence(), [&](std::uint64_t done, std::uint64_t all) {
    const std::int64_t now = runtime::steady_ms();
    if (!terminal || now - shown < 250) return;
    shown = now;
    const double seconds = static_cast<double>(now - began) / 1000;
    const double rate = static_cast<double>(done) / 1e6 / seconds;
    const double left = rate > 0 ? static_cast<double>(all - done) / 1e6 / rate : 0;
    fmt::print(stderr, "\r{:.1f} of {:.1f} MB, {:.0f} MB/s, {:.0f} s left   ", static_cast<double>(done) / 1e6,
               static_cast<double>(all) / 1e6, rate, left);
  });
  if (terminal) fmt::print(stderr, "\r\033[K");
  if (!report) {
    fmt::print("DAMAGED {}\n", report.error().text());
    return 1;
  }
  const double seconds = static_cast<double>(std::max<std::int64_t>(runtime::steady_ms() - began, 1)) / 1000;
  fmt::print("OK size {} root {} sm3 {}\n", report->size, to_hex(report->root), to_hex(report->sm3_root));
  if (report->retired_segments > 0) {
    fmt::print("{} of the entries are in {} retired segments: of them hashes and places were checked, not bytes\n",
               report->retired_entries, report->retired_segments);
  }
  if (report->torn_tail_bytes > 0) {
    fmt::print("{} bytes behind the last whole batch: a commit under way or cut off\n", report->torn_tail_bytes);
  }
  fmt::print(stderr, "{:.1f} MB in {:.2f} s, {:.0f} MB/s\n", static_cast<double>(report->bytes) / 1e6, seconds,
             static_cast<double>(report->bytes) / 1e6 / seconds);
  return 0;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "verify", "Recompute every hash of the evidence log; exit status 0 = intact, 1 = damaged");
  command->add_option("--data", *data, "Data directory")->required();
  command->footer(
      "Example:\n  mingjian verify --data ./data/demo     prints OK with tree size and root, or the first damaged "
      "place");
  command->callback([data, &run] { run = [data] { return verify(*data); }; });
}

}  // namespace mj::app
