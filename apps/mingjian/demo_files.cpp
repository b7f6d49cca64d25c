#include "demo_files.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"

namespace mj::app {
namespace {

namespace fs = std::filesystem;

constexpr auto kLook = std::chrono::milliseconds(200);

/// The records of the folder are adopted before, and are no files of others.
bool is_record_table(const fs::path& file) {
  return file.filename() == "lake.csv" || file.filename() == "point.csv";
}

void hand_over(Platform& platform, const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  intake::Offer offer;
  offer.file = file.filename().string();
  const std::string content = std::move(bytes).str();
  offer.bytes = content;
  offer.author = {"mingjian demo", "示范数据，来源与许可见 demo/files/README.md"};
  const auto receipt = platform.take(offer);
  if (!receipt || !receipt->refusal.empty()) {
    runtime::log(runtime::Level::warning, "demo", "{}: {}", file.string(),
                 receipt ? receipt->refusal : receipt.error().text());
  }
}

/// Until the values of every entry that the log holds now are stored; false when it was asked to stop.
bool wait_derived(const Platform& platform, const std::stop_token& stop) {
  const std::uint64_t until = platform.recorded();
  while (!stop.stop_requested() && platform.derived() < until) std::this_thread::sleep_for(kLook);
  return !stop.stop_requested();
}

/// Devices of the demonstration never pause, so the first results would be minutes away.
void evaluate_first(Platform& platform, const std::stop_token& stop) {
  if (!wait_derived(platform, stop)) return;
  // A run that goes on already reads the same values.
  if (const auto run = platform.evaluate({"all", evaluation::RunKind::new_values, {}, {}}); !run)
    runtime::log(runtime::Level::info, "demo", "{}", run.error().text());
}

}  // namespace

std::vector<fs::path> demo_register_folders(const fs::path& share) {
  return {share / "geo", share / "demo" / "register", share / "demo" / "files"};
}

std::jthread hand_over_demo_files(Platform& platform, const fs::path& share) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(share / "demo" / "files", failed)) {
    const fs::path& file = entry.path();
    if ((file.extension() == ".csv" || file.extension() == ".zst") && !is_record_table(file))
      files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return runtime::start_thread("demo-files", [&platform, files](const std::stop_token& stop) {
    runtime::lower_thread_priority();
    // What was imported before this start is known once it has been read.
    if (!wait_derived(platform, stop)) return;
    for (const fs::path& file : files) {
      if (stop.stop_requested()) return;
      hand_over(platform, file);
    }
    evaluate_first(platform, stop);
  });
}

}  // namespace mj::app
