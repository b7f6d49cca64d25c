#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "mj/evaluation/engine.hpp"
#include "mj/evidence/log.hpp"
#include "mj/hj212/message.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::evaluation::test {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-evaluation-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Instant time(std::string_view text) { return parse_iso(text).value(); }

inline const standards::StandardSet& shipped_standards() {
  static const standards::StandardSet set =
      standards::StandardSet::load(std::filesystem::path(MJ_SOURCE_DIR) / "standards").value();
  return set;
}

inline registry::PointView point_view(std::string id, std::string element, std::string city = "500000",
                                      std::string district = "500109") {
  registry::PointView view;
  view.reporters = {"MN-" + id};
  view.id = std::move(id);
  view.name = {view.id, view.id};
  view.element = std::move(element);
  view.city = std::move(city);
  view.region = std::move(district);
  if (view.element == "air")
    view.attributes["units"] = "a34004=µg/m³,a34002=µg/m³,a21026=µg/m³,a21004=µg/m³,a05024=µg/m³";
  view.lon = 106.5;
  view.lat = 29.5;
  return view;
}

/// A log, the values derived from it and an engine over both: frames go in as a gateway would hand them over.
class Scene {
 public:
  explicit Scene(std::vector<registry::PointView> given) : views_(std::move(given)) {
    std::vector<registry::Point> points;
    for (const registry::PointView& view : views_) {
      for (const std::string& reporter : view.reporters) {
        registry::Point point;
        point.id = view.id + "-" + reporter;
        point.device = reporter;
        points.push_back(std::move(point));
      }
    }
    network_ = std::make_unique<registry::Network>(registry::Network::from_points(std::move(points)).value());
    log_ = evidence::Log::open(folder_.path() / "evidence", evidence::LogOptions{}).value();
    devices_ = registry::DeviceRegister::open(folder_.path(), *network_).value();
    values_ = telemetry::Store::open(folder_.path() / "telemetry", *network_, *devices_, {}).value();
    open();
  }

  void open() {
    engine_.reset();
    engine_ = Engine::open(folder_.path() / "evaluation",
                           Sources{*values_, shipped_standards(), [this] { return revision_; },
                                   [this](std::string_view element) {
                                     std::vector<std::vector<Roster::Step>> histories;
                                     for (const registry::PointView& view : views_) {
                                       if (view.element != element) continue;
                                       histories.push_back({Roster::Step{Instant{}, view}});
                                       const auto& later = later_[view.id];
                                       histories.back().insert(histories.back().end(), later.begin(), later.end());
                                     }
                                     return Roster::from_histories(histories);
                                   },
                                   [] { return time("2026-06-01"); }})
                  .value();
  }
  /// Everything that was evaluated is thrown away.
  void forget() {
    engine_.reset();
    if (!remove_results(folder_.path() / "evaluation")) std::abort();
    open();
  }

  void upload(std::string_view mn, std::string_view st, std::string_view cn, Instant at, std::string_view fields) {
    const std::string frame =
        hj212::frame(fmt::format("QN=20260301120000000;ST={};CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                 st, cn, mn, to_compact(at), fields));
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::frame;
    entry.received_at = at;
    entry.device = mn;
    entry.payload = as_bytes(frame);
    if (!batch_.add(entry)) std::abort();
    if (batch_.bytes() > 1 << 20) commit();
  }
  void commit() {
    if (batch_.count() == 0) return;
    const std::uint64_t target = log_->size() + batch_.count();
    if (!log_->append(std::move(batch_), [](const Result<evidence::EntryIndex>&) {})) std::abort();
    batch_ = {};
    while (log_->size() < target) log_->wait_beyond(log_->size(), 1000, {});
  }
  /// Everything uploaded is in the series store.
  void settle() {
    commit();
    while (devices_->consume(*log_).value() > 0 || devices_->position() != log_->size()) {
    }
    while (values_->consume(*log_).value() > 0) {
    }
  }
  std::vector<Run> evaluate(RunKind kind = RunKind::new_values, std::string element = "air") {
    settle();
    const auto runs = engine_->run(RunRequest{std::move(element), kind, {}, {}});
    if (!runs) {
      fmt::print(stderr, "{}\n", runs.error().text());
      std::abort();
    }
    return *runs;
  }
  std::optional<Figure> figure(std::string_view subject, std::string_view indicator, PeriodKind kind,
                               std::string_view label) {
    FigureQuery query;
    query.subject = subject;
    query.indicator = indicator;
    query.kind = kind;
    query.from = EvaluationPeriod::parse(kind, label).value().begin;
    query.to = EvaluationPeriod::parse(kind, label).value().end();
    const auto found = engine_->results().figures(query);
    if (!found || found->empty()) return std::nullopt;
    return found->front();
  }
  std::string text(std::string_view subject, std::string_view indicator, PeriodKind kind, std::string_view label) {
    const auto found = figure(subject, indicator, kind, label);
    if (!found) return "(none)";
    return found->value ? to_text(*found->value) : "—";
  }

  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] telemetry::Store& values() { return *values_; }
  std::vector<registry::PointView>& views() { return views_; }
  /// What the register says of a point from later days on, ascending.
  std::vector<Roster::Step>& later(const std::string& point) { return later_[point]; }
  void register_changed() { ++revision_; }

 private:
  ScratchFolder folder_;
  std::vector<registry::PointView> views_;
  std::map<std::string, std::vector<Roster::Step>> later_;
  std::uint64_t revision_ = 1;
  std::unique_ptr<registry::Network> network_;
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<registry::DeviceRegister> devices_;
  std::unique_ptr<telemetry::Store> values_;
  std::unique_ptr<Engine> engine_;
  evidence::Batch batch_;
};

}  // namespace mj::evaluation::test
