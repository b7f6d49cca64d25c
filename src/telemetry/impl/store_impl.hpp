#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "derivation.hpp"
#include "frame_reading.hpp"
#include "mj/duck/duck.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::telemetry {

struct Store::Impl {
  Impl(const registry::Network& registered, const registry::DeviceRegister& device_register,
       StoreOptions store_options)
      : network(registered), devices(device_register), options(store_options), reader(registered) {}

  const registry::Network& network;
  const registry::DeviceRegister& devices;
  StoreOptions options;
  std::filesystem::path file;
  std::shared_ptr<duck::Database> database;

  // Owned by the consuming thread.
  std::unique_ptr<duck::Connection> writer;
  FrameReader reader;
  ImportReader imports;
  std::unique_ptr<FollowerState> state;   ///< null: to be read from the database before the next batch
  std::vector<std::uint64_t> to_release;  ///< quarantined entries whose device is registered by now
  std::uint64_t recent_rows = 0;
  std::function<void(const Stored&)> listener;

  /// What queries see; guarded by published_mutex.
  struct Newest {
    Observation observation;
    Instant received_at;
  };
  mutable std::mutex published_mutex;
  Counts counts;
  std::vector<SeriesKey> keys;
  std::vector<Newest> newest;
  std::unordered_map<std::string, std::vector<SeriesId>> series_of_device;
  std::uint64_t recent_published = 0;
  std::uint64_t settled_published = 0;

  /// Idle connections for queries; guarded by readers_mutex.
  mutable std::mutex readers_mutex;
  mutable std::vector<std::unique_ptr<duck::Connection>> readers;

  Status load();
  Status load_counts(Counts& read) const;
  /// Newest value of every series; returns the series that have one.
  Result<std::vector<SeriesId>> load_newest(FollowerState& fresh) const;
  Result<std::size_t> derive(const evidence::Log& log);
  void publish(const std::vector<SeriesId>& changed);
  Status settle(std::uint64_t at_least);
  /// Runs `use` with a query connection of the pool.
  template <typename Use>
  auto with_reader(Use&& use) const -> decltype(use(std::declval<duck::Connection&>())) {
    std::unique_ptr<duck::Connection> connection;
    {
      const std::lock_guard lock(readers_mutex);
      if (!readers.empty()) {
        connection = std::move(readers.back());
        readers.pop_back();
      }
    }
    if (!connection) {
      auto opened = duck::Connection::open(database);
      if (!opened) return opened.error();
      connection = *std::move(opened);
    }
    auto result = use(*connection);
    const std::lock_guard lock(readers_mutex);
    readers.push_back(std::move(connection));
    return result;
  }
  /// Series that answer a query, by the published dictionary.
  [[nodiscard]] std::vector<SeriesId> series_for(const SeriesQuery& query) const;
  [[nodiscard]] SeriesKey key_of(SeriesId id) const;
  /// All series of a device, by the published dictionary.
  [[nodiscard]] std::vector<std::pair<SeriesId, SeriesKey>> series_of(std::string_view device) const;
};

/// An observation from the columns series, at_ms, value, decimals, flag, text, revision, entry beginning at `first`.
[[nodiscard]] Observation observation_from(const duck::Rows& rows, std::size_t first);

}  // namespace mj::telemetry
