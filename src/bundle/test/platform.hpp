#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "mj/bundle/export.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/hj212/message.hpp"

namespace mj::bundle::test {

/// An empty directory, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-bundle-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The value, or an exception with the reason: a fixture cannot go on without.
template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return *std::move(result);
}

inline constexpr const char* kOutletMn = "010000A8900016F000169DC0";
inline constexpr const char* kAirMn = "010000A8900016F000169DC1";
inline constexpr const char* kWaterMn = "010000A8900016F000169DC2";

inline std::vector<registry::Point> sample_points() {
  const auto point = [](std::string id, registry::Element element, std::string device) {
    registry::Point made;
    made.id = std::move(id);
    made.element = element;
    made.device = std::move(device);
    return made;
  };
  std::vector<registry::Point> points{point("outlet-1", registry::Element::source, kOutletMn),
                                      point("air-1", registry::Element::air, kAirMn),
                                      point("water-1", registry::Element::surface_water, kWaterMn),
                                      point("air-2", registry::Element::air, "cnemc/1001A"),
                                      point("water-2", registry::Element::surface_water, "lab/一号 断面")};
  for (const std::size_t air : {1U, 3U}) {
    for (const char* factor : {"a34004", "a34002", "a21026", "a05024"}) points[air].units[factor] = "µg/m³";
    points[air].units["a21004"] = "mg/m³";
    points[air].units["a21005"] = "mg/m³";
  }
  return points;
}

/// The standards, read once for all tests.
inline const standards::StandardSet& sample_standards() {
  static const standards::StandardSet set = need(standards::StandardSet::load(MJ_SOURCE_DIR "/standards"));
  return set;
}

/// Log, register, values and custody as the program wires them, without servers.
struct SmallPlatform {
  explicit SmallPlatform(std::string origin = "mingjian.example/log") {
    evidence::LogOptions options;
    options.origin = std::move(origin);
    log = need(evidence::Log::open(folder.path() / "evidence", std::move(options)));
  }

  std::uint64_t append(std::string_view mn, std::string_view bytes, Instant at,
                       evidence_format::EntryType type = evidence_format::EntryType::frame) {
    evidence_format::Entry entry;
    entry.type = type;
    entry.received_at = at;
    entry.connection = type == evidence_format::EntryType::frame ? 7 : 0;
    entry.peer = type == evidence_format::EntryType::frame ? "192.0.2.1:50000" : "";
    entry.device = mn;
    entry.payload = as_bytes(bytes);
    return log->append_and_wait(entry).value().raw();
  }
  std::uint64_t upload(std::string_view mn, std::string_view st, std::string_view cn, std::string_view data_time,
                       std::string_view values) {
    return append(
        mn,
        hj212::frame(fmt::format("QN=20260301120000000;ST={};CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                 st, cn, mn, data_time, values)),
        parse_compact(data_time)->plus_ms(60'000));
  }
  void follow() {
    const auto all = [&](auto& follower) {
      while (follower.consume(*log).value() > 0) {
      }
    };
    all(*settings);
    all(*store);
    all(*custody);
    if (anchors) {
      while (anchors->consume().value() > 0) {
      }
    }
  }
  /// Closes the days before `now`; what the statements say is followed as well.
  void close_days(std::string_view now) {
    follow();
    // One day at a time.
    while (need(custody->close_days(*log, *store, *parse_iso(now))) > 0) follow();
  }
  [[nodiscard]] Sources sources(bool with_device_keys = false) const {
    return Sources{*log,         anchors.get(),   *custody,
                   *store,       network,         *settings,
                   standards,    state_rules,     [] { return *parse_iso("2026-03-05T10:00:00+08:00"); },
                   "0.1.0-test", with_device_keys};
  }
  [[nodiscard]] Result<std::string> prove(std::string_view figure, bool with_device_keys = false) const {
    return export_figure(sources(with_device_keys), *FigureId::parse(figure));
  }

  Folder folder;
  registry::Network network = need(registry::Network::from_points(sample_points()));
  const standards::StandardSet& standards = sample_standards();
  assess::StateRules state_rules = need(assess::StateRules::load(MJ_SOURCE_DIR "/rules/state.toml"));
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> settings =
      need(registry::DeviceRegister::open(folder.path() / "records", network));
  std::unique_ptr<telemetry::Store> store =
      need(telemetry::Store::open(folder.path() / "telemetry", network, *settings, telemetry::StoreOptions{}));
  std::unique_ptr<custody::CustodyBook> custody = need(custody::CustodyBook::open(
      folder.path() / "records", network, need(custody::Rules::load(MJ_SOURCE_DIR "/rules/custody.toml"))));
  std::unique_ptr<anchoring::Anchoring> anchors;
};

/// Why a bundle is not good; empty when it is.
inline std::string faults(std::string_view bundle, const Trust& trust = {}) {
  std::string text;
  for (const Check& check : verify(bundle, trust).checks) {
    if (check.outcome == Check::Outcome::failed) text += fmt::format("{}: {}\n", check.id, check.text);
  }
  return text;
}

inline Check::Outcome outcome_of(const Verdict& verdict, std::string_view id) {
  for (const Check& check : verdict.checks) {
    if (check.id == id) return check.outcome;
  }
  throw std::logic_error("no such check");
}

}  // namespace mj::bundle::test
