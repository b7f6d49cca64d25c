#pragma once

#include <unistd.h>

#include <filesystem>
#include <future>

#include "mj/custody/custody_book.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/hj212/message.hpp"

namespace mj::custody {

/// A directory that is empty at first and gone afterwards; in memory where that can be had.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    static std::atomic<int> number = 0;
    const std::filesystem::path memory = "/dev/shm";
    path_ = (::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path()) /
            fmt::format("mj-custody-{}-{}", ::getpid(), number++);
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

inline constexpr std::string_view kA = "500000003200000000000001";
inline constexpr std::string_view kB = "500000003200000000000002";
inline constexpr std::string_view kStranger = "999999993200000000000009";
inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

inline Instant at(std::string_view text) { return parse_iso(text).value(); }

inline registry::Network network_of(const std::vector<std::string>& devices) {
  std::vector<registry::Point> points;
  for (const std::string& mn : devices) {
    registry::Point point;
    point.id = "point-" + mn;
    point.element = registry::Element::source;
    point.device = mn;
    points.push_back(std::move(point));
  }
  return registry::Network::from_points(std::move(points)).value();
}

/// An hourly record of a device.
inline std::string hour_record(std::string_view mn, Instant data_time,
                               std::string_view values = "w01018-Avg=1.0") {
  return hj212::frame(
      fmt::format("QN=20260301120000000;ST=32;CN=2061;PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&", mn,
                  to_compact(data_time), values));
}

/// A whole small station: log, register, store and book, each in the directory and opened when it is wanted.
class Scene {
 public:
  explicit Scene(std::vector<std::string> devices = {std::string(kA), std::string(kB)}, bool with_store = true)
      : network(network_of(devices)) {
    open(with_store);
  }
  void open(bool with_store = true) {
    evidence::LogOptions options;
    options.origin = "test.local/custody";
    log = take(evidence::Log::open(directory.path() / "evidence", options));
    if (with_store) {
      devices = take(registry::DeviceRegister::open(directory.path() / "records", network));
      store = take(telemetry::Store::open(directory.path() / "telemetry", network, *devices, {}));
    }
    book = take(CustodyBook::open(directory.path() / "records", network, rules));
  }
  void close() {
    book.reset();
    store.reset();
    devices.reset();
    log.reset();
  }
  /// Loses the derived book.
  void forget_book() {
    book.reset();
    if (!remove_book(directory.path() / "records")) throw std::runtime_error("the book cannot be removed");
    book = take(CustodyBook::open(directory.path() / "records", network, rules));
  }

  void add(evidence_format::EntryType type, std::string_view device, std::string_view payload,
           Instant received_at) {
    evidence_format::Entry entry;
    entry.type = type;
    entry.received_at = received_at;
    entry.connection = 1;
    entry.peer = "127.0.0.1:1";
    entry.device = device;
    entry.payload = as_bytes(payload);
    if (!waiting_.add(entry)) throw std::runtime_error("the entry cannot be encoded");
  }
  void hear(std::string_view device, std::string_view payload, Instant received_at) {
    add(evidence_format::EntryType::frame, device, payload, received_at);
  }
  /// Hourly records of the hours [from, to) of a day, received a minute after each hour.
  void hear_hours(std::string_view device, Instant day, int from, int to,
                  std::string_view values = "w01018-Avg=1.0") {
    for (int hour = from; hour < to; ++hour) {
      const Instant start = day.plus_ms(hour * kHour);
      hear(device, hour_record(device, start, values), start.plus_ms(kHour + kMinute));
    }
  }
  /// Makes what was added durable.
  void write() {
    if (waiting_.count() == 0) return;
    std::promise<bool> durable;
    const Status queued =
        log->append(std::exchange(waiting_, evidence::Batch()),
                    [&](const Result<evidence::EntryIndex>& first) { durable.set_value(first.has_value()); });
    if (!queued || !durable.get_future().get()) throw std::runtime_error("the log cannot commit");
  }
  /// Lets every follower read everything.
  void follow() {
    write();
    if (devices) {
      while (devices->position() != log->size()) static_cast<void>(devices->consume(*log).value());
      while (store->position() != log->size()) static_cast<void>(store->consume(*log).value());
    }
    for (;;) {
      const auto done = book->consume(*log);
      if (!done) throw std::runtime_error(done.error().text());
      if (*done == 0) return;
    }
  }
  /// Closes everything that is due; returns the number of statements.
  std::size_t close_days(Instant now) {
    std::size_t made = 0;
    // The first call may only find out how far the others have to read.
    for (int idle = 0; idle < 2;) {
      follow();
      const auto done = book->close_days(*log, *store, now);
      if (!done) throw std::runtime_error(done.error().text());
      idle = *done == 0 ? idle + 1 : 0;
      made += *done;
    }
    follow();
    return made;
  }

  template <typename T>
  static T take(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().text());
    return *std::move(result);
  }

  ScratchDirectory directory;
  registry::Network network;
  Rules rules;
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> devices;
  std::unique_ptr<telemetry::Store> store;
  std::unique_ptr<CustodyBook> book;

 private:
  evidence::Batch waiting_;
};

/// All statements that the log holds, oldest first.
inline std::vector<DayStatement> stated_in(const evidence::Log& log) {
  std::vector<DayStatement> result;
  for (std::uint64_t next = 0; next < log.size();) {
    const auto batch = log.read(evidence::EntryIndex(next), 1000, 1 << 20).value();
    for (const evidence::StoredEntry& stored : batch.entries) {
      if (stored.entry.type != evidence_format::EntryType::event) continue;
      result.push_back(parse_statement(as_text(stored.entry.payload)).value());
      result.back().entry = stored.index.raw();
    }
    next += batch.entries.size();
  }
  return result;
}

/// A device's entries within [from, to) as a stranger would find them: index and leaf hash.
inline std::vector<std::pair<std::uint64_t, Digest>> entries_of(const evidence::Log& log, std::string_view device,
                                                                std::uint64_t from, std::uint64_t to) {
  std::vector<std::pair<std::uint64_t, Digest>> result;
  for (std::uint64_t next = from; next < to;) {
    const auto batch =
        log.read(evidence::EntryIndex(next), std::min<std::uint64_t>(1000, to - next), 1 << 20).value();
    for (const evidence::StoredEntry& stored : batch.entries) {
      if (stored.entry.device != device || stored.entry.type == evidence_format::EntryType::event) continue;
      Bytes encoded;
      if (!evidence_format::encode(stored.entry, encoded)) throw std::runtime_error("an entry cannot be encoded");
      std::string plain("\0", 1);
      plain += as_text(encoded);
      result.emplace_back(stored.index.raw(), evidence_format::sha256(as_bytes(plain)));
    }
    next += batch.entries.size();
  }
  return result;
}

/// The chain of docs/formats/decisions.md, written down once more.
inline Digest naive_chain(std::string_view device, const std::vector<std::pair<std::uint64_t, Digest>>& entries) {
  Digest link = evidence_format::sha256(as_bytes("mingjian device chain v1\n" + std::string(device)));
  for (const auto& [index, leaf] : entries) {
    std::string both(as_text(link));
    both += as_text(leaf);
    link = evidence_format::sha256(as_bytes(both));
  }
  return link;
}

}  // namespace mj::custody
