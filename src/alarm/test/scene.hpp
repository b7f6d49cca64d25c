#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "mj/alarm/alarm_book.hpp"
#include "mj/hj212/message.hpp"

namespace mj::alarm {

/// A directory that is empty at first and gone afterwards; in memory where that can be had, because what survives a
/// power cut is not tried here and hundreds of databases are opened.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    static std::atomic<int> number = 0;
    const std::filesystem::path memory = "/dev/shm";
    path_ = (::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path()) /
            fmt::format("mj-alarm-{}-{}", ::getpid(), number++);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline const standards::StandardSet& shipped_standards() {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set;
}

inline constexpr std::string_view kDevice = "500000003200000000000007";
inline constexpr std::string_view kOldDevice = "50000000000008";

/// Two outlets, one of them with a device of 2005, and an air station.
inline registry::Network scene_network() {
  registry::Point outlet;
  outlet.id = "src-1";
  outlet.element = registry::Element::source;
  outlet.device = kDevice;
  registry::Point old = outlet;
  old.id = "src-2";
  old.device = kOldDevice;
  registry::Point air;
  air.id = "air-1";
  air.element = registry::Element::air;
  air.device = "500000002200000000000001";
  return registry::Network::from_points({outlet, old, air}).value();
}

/// A register without decisions, for the logs of all tests.
inline registry::DeviceRegister& plain_register() {
  static const ScratchDirectory directory;
  static const registry::Network network = scene_network();
  static const auto devices = std::move(registry::DeviceRegister::open(directory.path(), network).value());
  return *devices;
}

/// Lets the register pass the whole log.
inline void pass(registry::DeviceRegister& devices, const evidence::Log& log) {
  while (devices.consume(log).value() > 0 || devices.position() != log.size()) {
  }
}

inline constexpr std::string_view kSceneLimits = R"(
[[limit]]
id = "cod"
element = "source"
factor = "w01018"
unit = "mg/L"
upper = "50"
hysteresis = "10%"
severity = "warning"
periods = ["instant", "hour"]
source = { zh = "GB 18918-2002 表1 一级A", en = "GB 18918-2002 table 1 class 1A" }
verification = "VERIFIED"
valid_from = "2006-05-08"

[[limit]]
id = "ph"
element = "source"
factor = "w01001"
lower = "6"
upper = "9"
hysteresis = "0.2"
severity = "notice"
periods = ["instant"]
source = { zh = "GB 18918-2002 表1" }
verification = "VERIFIED"
valid_from = "2006-05-08"
)";

inline LimitSet scene_limits() { return LimitSet::parse(kSceneLimits, "scene.toml").value(); }

inline std::unique_ptr<AlarmBook> open_book(const std::filesystem::path& directory) {
  auto book = AlarmBook::open(directory, scene_network(), plain_register(), scene_limits(), shipped_standards());
  if (!book) throw std::runtime_error(book.error().text());
  return std::move(*book);
}

inline const Instant kBegin = parse_iso("2026-11-21 10:00").value();

/// Minute `minute` of the scene.
inline Instant minute(std::int64_t number) { return kBegin.plus_ms(number * 60'000); }

/// A real frame: `body` is what stands after DataTime, for example "w01018-Rtd=61.0,w01018-Flag=N".
inline std::string upload(std::string_view mn, Instant data_time, std::string_view body,
                          std::string_view cn = "2011") {
  return hj212::frame(fmt::format("QN={};ST=32;CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                  to_compact_ms(data_time), cn, mn, to_compact(data_time), body));
}

inline std::string cod(std::string_view value, std::string_view flag = "N", std::string_view kind = "Rtd") {
  return fmt::format("w01018-{}={},w01018-Flag={}", kind, value, flag);
}

/// Everything of an alarm, for comparing books.
inline std::string describe(const Alarm& alarm) {
  std::string text = fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} opened {} raised {} last {}@{} peak {}@{} updates {} entry {}",
      alarm.id.raw(), alarm.point, alarm.device, alarm.factor, alarm.kind, telemetry::name(alarm.period),
      name(alarm.severity), alarm.rule, to_text(alarm.limit), name(alarm.direction), alarm.unit,
      alarm.opened_at.ms(), alarm.raised_at.ms(), to_text(alarm.last_value), alarm.last_at.ms(),
      to_text(alarm.peak_value), alarm.peak_at.ms(), alarm.updates, alarm.entry);
  if (alarm.cleared_at) text += fmt::format(" cleared {} by {}", alarm.cleared_at->ms(), *alarm.clear_entry);
  if (alarm.acknowledged) {
    text += fmt::format(" ack {} {} {} {}", alarm.acknowledged->name, alarm.acknowledged->reason,
                        alarm.acknowledged->at.ms(), alarm.acknowledged->entry);
  }
  return text;
}

inline std::vector<std::string> contents(const AlarmBook& book) {
  AlarmQuery query;
  query.limit = 100'000;
  std::vector<std::string> lines;
  const auto alarms = book.list(query).value();
  for (const Alarm& alarm : alarms) lines.push_back(describe(alarm));
  return lines;
}

inline void consume_all(AlarmBook& book, const evidence::Log& log) {
  pass(plain_register(), log);
  for (;;) {
    const auto done = book.consume(log);
    if (!done) throw std::runtime_error(done.error().text());
    if (*done == 0) return;
  }
}

}  // namespace mj::alarm
