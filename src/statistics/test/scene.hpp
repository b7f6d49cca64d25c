#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mj/evidence/log.hpp"
#include "mj/hj212/message.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/statistics/analysis.hpp"
#include "mj/statistics/table.hpp"

namespace mj::statistics::test {

/// A folder of its own for one test, removed at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-statistics-XXXXXX").string();
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

/// A log, a register, a store and the standards as shipped: what statistics are made from.
class Scene {
 public:
  Scene() {
    add("region", "500000", {{"name", "重庆市"}, {"name_en", "Chongqing"}, {"level", "province"}});
    add("region", "500103",
        {{"name", "渝中区"}, {"name_en", "Yuzhong"}, {"level", "district"}, {"parent", "500000"}});
    add("region", "500105",
        {{"name", "江北区"}, {"name_en", "Jiangbei"}, {"level", "district"}, {"parent", "500000"}});
  }

  void add(const std::string& kind, const std::string& id, registry::Attributes attributes) {
    registry::Change change;
    change.kind = kind;
    change.id = id;
    change.action = registry::Action::add;
    change.effective = *registry::parse_day("2020-01-01");
    change.set = std::move(attributes);
    apply(std::move(change), registry::Approval{"渝环〔2020〕1号", "市生态环境局", std::nullopt});
  }
  void apply(registry::Change change, const std::optional<registry::Approval>& approval) {
    const std::vector<registry::Change> changes{std::move(change)};
    const auto done =
        book->apply(*log, changes, approval, registry::Author{"测试", "场景"}, Instant::from_ms(kNow));
    ASSERT_TRUE(done) << done.error().text();
  }
  /// A point of air with one reporter.
  void add_point(const std::string& id, const std::string& element, const std::string& region,
                 const std::string& reporter,
                 const std::string& units = "a34004=µg/m³,a34002=µg/m³,a21026=µg/m³") {
    add("point", id,
        {{"name", "点位" + id},
         {"name_en", "Point " + id},
         {"element", element},
         {"region", region},
         {"reporters", reporter},
         {"units", units}});
  }

  /// An hourly upload of a device: `values` as in a frame, "a34004-Avg=35,a34004-Flag=N".
  void hour(std::string_view mn, Instant at, std::string_view values, std::string_view st = "22") {
    upload(mn, st, "2061", at, values);
  }
  void upload(std::string_view mn, std::string_view st, std::string_view cn, Instant at, std::string_view values) {
    const std::string bytes =
        hj212::frame(fmt::format("QN=20260301120000000;ST={};CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                 st, cn, mn, to_compact(at), values));
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::frame;
    entry.received_at = Instant::from_ms(kNow);
    entry.connection = 7;
    entry.peer = "127.0.0.1:50000";
    entry.device = mn;
    entry.payload = as_bytes(bytes);
    ASSERT_TRUE(batch_.add(entry));
    ++added_;
  }
  /// Lets the followers read everything.
  void settle() {
    if (added_ > 0) {
      const std::uint64_t size = log->size() + std::exchange(added_, 0);
      ASSERT_TRUE(log->append(std::exchange(batch_, {}), [](const auto&) {}));
      while (log->size() < size) std::this_thread::yield();
    }
    while (devices->position() < log->size()) ASSERT_TRUE(devices->consume(*log));
    while (store->position() < log->size()) ASSERT_TRUE(store->consume(*log));
  }
  [[nodiscard]] Sources sources() const { return {*store, *book, standards}; }

  static constexpr std::int64_t kNow = 1'772'800'000'000;
  static registry::Network network_of_devices() {
    std::vector<registry::Point> points;
    for (const char* mn : {kFirst, kSecond, kThird, kFourth, kFifth}) {
      registry::Point point;
      point.id = std::string("device-") + mn;
      point.device = mn;
      points.push_back(std::move(point));
    }
    return *registry::Network::from_points(std::move(points));
  }
  static constexpr const char* kFirst = "010000A8900016F000169DC1";
  static constexpr const char* kSecond = "010000A8900016F000169DC2";
  static constexpr const char* kThird = "010000A8900016F000169DC3";
  static constexpr const char* kFourth = "010000A8900016F000169DC4";
  static constexpr const char* kFifth = "010000A8900016F000169DC5";

  /// Read once for all tests; immutable.
  static const standards::StandardSet& shipped_standards() {
    static const standards::StandardSet shipped = *standards::StandardSet::load(MJ_SOURCE_DIR "/standards");
    return shipped;
  }

  Folder folder;
  registry::Network network = network_of_devices();
  registry::RegisterSchema schema = *registry::RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml");
  standards::StandardSet standards = shipped_standards();
  std::unique_ptr<evidence::Log> log = *evidence::Log::open(folder.path() / "evidence", evidence::LogOptions{});
  std::unique_ptr<registry::DeviceRegister> devices =
      *registry::DeviceRegister::open(folder.path() / "records", network);
  std::unique_ptr<registry::Book> book = *registry::Book::open(folder.path() / "records", schema);
  std::unique_ptr<telemetry::Store> store =
      *telemetry::Store::open(folder.path() / "telemetry", network, *devices, telemetry::StoreOptions{});

 private:
  evidence::Batch batch_;  ///< frames that settle() hands over
  std::uint64_t added_ = 0;
};

inline Instant time_of(std::string_view text) { return *parse_iso(text); }
inline std::string shown(const std::optional<Decimal>& value) { return value ? to_text(*value) : "none"; }

}  // namespace mj::statistics::test
