#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "commands.hpp"
#include "mj/evidence/backup.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/runtime/clock.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

constexpr double kMegabyte = 1e6;

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / kMegabyte; }

/// One line on a terminal that says how far it is.
class ProgressLine {
 public:
  void operator()(std::uint64_t done, std::uint64_t all) {
    const std::int64_t now = runtime::steady_ms();
    if (!terminal_ || now - shown_ < 250) return;
    shown_ = now;
    const double seconds = static_cast<double>(std::max<std::int64_t>(now - began_, 1)) / 1000;
    const double rate = megabytes(done) / seconds;
    const double left = rate > 0 ? megabytes(all - std::min(all, done)) / rate : 0;
    fmt::print(stderr, "\r{:.1f} of {:.1f} MB, {:.0f} MB/s, {:.0f} s left   ", megabytes(done), megabytes(all),
               rate, left);
  }
  /// Takes the line away; returns the seconds since the beginning.
  double end() const {
    if (terminal_) fmt::print(stderr, "\r\033[K");
    return static_cast<double>(std::max<std::int64_t>(runtime::steady_ms() - began_, 1)) / 1000;
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  std::int64_t began_ = runtime::steady_ms();
  std::int64_t shown_ = began_;
};

evidence::Progress shown_in(ProgressLine& line) {
  return [&line](std::uint64_t done, std::uint64_t all) { line(done, all); };
}

Result<std::filesystem::path> existing_evidence(const std::string& data) {
  const std::filesystem::path log = DataDirectory{data}.evidence();
  if (std::filesystem::exists(log)) return log;
  return Error(ErrorCode::not_found,
               fmt::format("{} holds no evidence log; name the data directory of a server", data));
}

Result<int> backup_log(const std::string& data, const std::string& to) {
  MJ_TRY(const std::filesystem::path log, existing_evidence(data));
  ProgressLine line;
  const auto report = evidence::backup(log, to, shown_in(line));
  const double seconds = line.end();
  if (!report) return report.error();
  fmt::print("OK {} entries in {}: {:.1f} MB copied, {:.1f} MB in all, verified, {:.1f} s\n", report->entries, to,
             megabytes(report->copied_bytes), megabytes(report->bytes), seconds);
  fmt::print("Not in it, keep them elsewhere: {} (opens the signing keys), {} (opens the keys of devices)\n",
             DataDirectory{data}.passphrase().string(), DataDirectory{data}.vault_key().string());
  return 0;
}

Result<int> restore_log(const std::string& from, const std::string& data) {
  const DataDirectory place{data};
  for (const auto& derived : {place.telemetry(), place.records()}) {
    std::error_code failure;
    if (std::filesystem::exists(derived, failure) && !std::filesystem::is_empty(derived, failure)) {
      return Error(ErrorCode::conflict,
                   fmt::format("{} holds what was derived from another history: move it away, it is derived again",
                               derived.string()));
    }
  }
  ProgressLine line;
  const auto report = evidence::restore(from, place.evidence(), shown_in(line));
  line.end();
  if (!report) return report.error();
  fmt::print("OK {} entries restored to {}\n", report->entries, place.evidence().string());
  if (!std::filesystem::exists(place.passphrase())) {
    fmt::print("Before the server starts, put the passphrase of the signing keys into {} (mode 0600)\n",
               place.passphrase().string());
  }
  return 0;
}

struct RetireArguments {
  std::string data;
  std::string before;
  std::string archive;
  std::string name;
  std::string reason;
};

Result<int> retire_segments(const RetireArguments& options) {
  MJ_TRY(const std::filesystem::path directory, existing_evidence(options.data));
  const auto before = parse_iso(options.before);
  if (!before) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("--before: {} is no time; write 2026-03-01", options.before));
  }
  MJ_TRY(const std::unique_ptr<evidence::Log> log, open_log(DataDirectory{options.data}));
  const evidence::Retirement retirement{options.name, options.reason, *before, options.archive};
  MJ_TRY(const std::vector<std::uint32_t> segments,
         evidence::retire(*log, directory, retirement, runtime::system_clock()));
  fmt::print("OK {} segments retired to {}:", segments.size(), options.archive);
  for (const std::uint32_t number : segments) fmt::print(" {:06}", number);
  fmt::print("\n");
  return 0;
}

Result<int> bring_back_segments(const std::string& data, const std::string& archive) {
  MJ_TRY(const std::filesystem::path directory, existing_evidence(data));
  MJ_TRY(const std::vector<std::uint32_t> segments, evidence::bring_back(directory, archive));
  fmt::print("OK {} segments brought back from {}:", segments.size(), archive);
  for (const std::uint32_t number : segments) fmt::print(" {:06}", number);
  fmt::print("\n");
  return 0;
}

Result<int> compress_segments(const std::string& data, int level) {
  MJ_TRY(const std::filesystem::path directory, existing_evidence(data));
  ProgressLine line;
  const auto report = evidence::compress(directory, level, shown_in(line));
  const double seconds = line.end();
  if (!report) return report.error();
  fmt::print("OK {} segments compressed: {:.1f} MB are {:.1f} MB now, {:.1f} s\n", report->segments,
             megabytes(report->raw_bytes), megabytes(report->stored_bytes), seconds);
  return 0;
}

Result<int> scrub_log(const std::string& data, double rate) {
  MJ_TRY(const std::filesystem::path directory, existing_evidence(data));
  ProgressLine line;
  const auto report = evidence::scrub(directory, static_cast<std::uint64_t>(rate * kMegabyte), shown_in(line));
  const double seconds = line.end();
  if (!report) return report.error();
  for (const std::string& place : report->damage) fmt::print("DAMAGED {}\n", place);
  if (report->damage.empty())
    fmt::print("OK {} segments, {:.1f} MB\n", report->segments, megabytes(report->bytes));
  fmt::print(stderr, "{:.1f} MB in {:.2f} s, {:.0f} MB/s\n", megabytes(report->bytes), seconds,
             megabytes(report->bytes) / seconds);
  return report->damage.empty() ? 0 : 1;
}

Result<int> show_size(const std::string& data) {
  MJ_TRY(const std::filesystem::path directory, existing_evidence(data));
  const Instant now = runtime::system_clock()();
  MJ_TRY(const evidence::MaintenanceState state, evidence::measure(directory, now));
  fmt::print("segments          {} ({} compressed, {} retired)\n", state.segments, state.compressed_segments,
             state.retired_segments);
  fmt::print("evidence          {:.1f} MB before compression\n", megabytes(state.raw_bytes));
  fmt::print("on disk           {:.1f} MB, segments and trees\n", megabytes(state.stored_bytes));
  if (state.bytes_per_day > 0) {
    fmt::print("growth            {:.2f} MB a day over the last days\n", state.bytes_per_day / kMegabyte);
  } else {
    fmt::print("growth            not known yet: the log is too young\n");
  }
  fmt::print("free              {:.1f} MB\n", megabytes(state.free_bytes));
  if (state.full_at) fmt::print("full at this rate {}\n", to_iso(*state.full_at).substr(0, 10));
  return 0;
}

CLI::App* add_with_data(CLI::App& evidence, const char* name, const char* description, const char* example,
                        const std::shared_ptr<std::string>& data) {
  CLI::App* command = evidence.add_subcommand(name, description);
  command->add_option("--data", *data, "Data directory")->required();
  command->footer(fmt::format("Example:\n  mingjian evidence {}", example));
  return command;
}

void add_file_copies(CLI::App& evidence, Run& run) {
  auto data = std::make_shared<std::string>();
  auto other = std::make_shared<std::string>();
  CLI::App* command =
      add_with_data(evidence, "backup", "Copy what a backup lacks while the server runs, and verify the copy",
                    "backup --data /var/lib/mingjian --to /mnt/backup/evidence", data);
  command->add_option("--to", *other, "Directory of the backup; used again, only what is new is copied")
      ->required();
  command->callback([=, &run] { run = [=] { return backup_log(*data, *other); }; });

  auto restored = std::make_shared<std::string>();
  auto from = std::make_shared<std::string>();
  command = add_with_data(evidence, "restore", "Verify a backup and put it where there is no log",
                          "restore --from /mnt/backup/evidence --data /var/lib/mingjian", restored);
  command->add_option("--from", *from, "Directory of the backup")->required();
  command->callback([=, &run] { run = [=] { return restore_log(*from, *restored); }; });
}

void add_file_retirement(CLI::App& evidence, Run& run) {
  auto options = std::make_shared<RetireArguments>();
  CLI::App* command = evidence.add_subcommand(
      "retire", "Take old segments off the disk after a decision in the log; the server is stopped");
  command->add_option("--data", options->data, "Data directory")->required();
  command->add_option("--before", options->before, "Only segments whose newest entry is older (Beijing time)")
      ->required();
  command->add_option("--archive", options->archive, "A backup that holds them; compared byte by byte first")
      ->required();
  command->add_option("--name", options->name, "Who decides")->required();
  command->add_option("--reason", options->reason, "Why")->required();
  command->footer(
      "Example:\n  mingjian evidence retire --data /var/lib/mingjian --before 2021-01-01 --archive "
      "/mnt/archive/evidence "
      "--name 王敏 --reason '保存期满五年'");
  command->callback([options, &run] { run = [options] { return retire_segments(*options); }; });

  auto data = std::make_shared<std::string>();
  auto archive = std::make_shared<std::string>();
  command = add_with_data(evidence, "bring-back", "Put retired segments back from an archive",
                          "bring-back --data /var/lib/mingjian --archive /mnt/archive/evidence", data);
  command->add_option("--archive", *archive, "A backup that holds them")->required();
  command->callback([=, &run] { run = [=] { return bring_back_segments(*data, *archive); }; });
}

void add_file_care(CLI::App& evidence, Run& run) {
  auto data = std::make_shared<std::string>();
  auto level = std::make_shared<int>(3);
  CLI::App* command = add_with_data(evidence, "compress", "Compress every sealed segment now",
                                    "compress --data /var/lib/mingjian --level 9", data);
  command->add_option("--level", *level, "Of zstd; higher is smaller and slower")
      ->check(CLI::Range(1, 19))
      ->capture_default_str();
  command->callback([=, &run] { run = [=] { return compress_segments(*data, *level); }; });

  auto scrubbed = std::make_shared<std::string>();
  auto rate = std::make_shared<double>(0);
  command =
      add_with_data(evidence, "scrub",
                    "Read everything again and name every damaged segment; exit status 0 = intact, 1 = damaged",
                    "scrub --data /var/lib/mingjian --rate 20", scrubbed);
  command->add_option("--rate", *rate, "Most MB read a second; 0 = no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->callback([=, &run] { run = [=] { return scrub_log(*scrubbed, *rate); }; });

  auto measured = std::make_shared<std::string>();
  command = add_with_data(evidence, "size", "How large the log is, how fast it grows, when the disk is full",
                          "size --data /var/lib/mingjian", measured);
  command->callback([=, &run] { run = [=] { return show_size(*measured); }; });
}

}  // namespace

void add_evidence_files(CLI::App& evidence, Run& run) {
  add_file_copies(evidence, run);
  add_file_retirement(evidence, run);
  add_file_care(evidence, run);
}

}  // namespace mj::app
