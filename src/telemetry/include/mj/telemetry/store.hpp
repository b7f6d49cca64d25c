#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/telemetry/completeness.hpp"
#include "mj/telemetry/device_days.hpp"
#include "mj/telemetry/imports.hpp"
#include "mj/telemetry/ledger.hpp"
#include "mj/telemetry/observation.hpp"
#include "mj/telemetry/scan.hpp"

namespace mj::telemetry {

struct StoreOptions {
  std::uint64_t memory_bytes = 160ULL << 20;  ///< DuckDB's buffer limit
  int threads = 2;                            ///< DuckDB's threads
  std::size_t max_batch_entries = 65536;      ///< most entries derived in one transaction
  std::uint64_t settle_rows = 4'000'000;      ///< recent rows that are sorted into the settled table in one go
};

/// Which values to read.
struct SeriesQuery {
  std::string device;
  std::string factor;
  std::string kind;              ///< Rtd, Avg …
  std::optional<Period> period;  ///< none = any
  Instant from;                  ///< inclusive
  Instant to;                    ///< exclusive
  std::size_t max_points = 2000;
};

/// min/mean/max of one bucket of time.
struct Bucket {
  Instant at;
  double min = 0;
  double mean = 0;
  double max = 0;
  std::uint64_t count = 0;
};

/// Values of a series: each one, or buckets when there are more than max_points.
struct SeriesRows {
  std::int64_t bucket_ms = 0;  ///< 0 = not aggregated
  std::vector<Observation> observations;
  std::vector<Bucket> buckets;
};

/// Which means to compute: one factor and kind over many devices.
struct MeansQuery {
  std::vector<std::string> devices;  ///< empty = all
  std::string factor;                ///< empty = all
  std::string kind;                  ///< Rtd, Avg …
  std::optional<Period> period;      ///< none = any
  Instant from;                      ///< inclusive
  Instant to;                        ///< exclusive
  std::int64_t bucket_ms = 3'600'000;
};

/// Arithmetic means of received values, without judging their validity.
/// Shape: `mean` and `count` hold one row per series, one column per bucket; bucket b begins at from + b·bucket_ms; where
/// `count` is 0 there is no mean.
struct Means {
  std::vector<SeriesKey> series;
  std::size_t buckets = 0;
  std::vector<double> mean;
  std::vector<std::uint32_t> count;
};

struct FrameQuery {
  std::optional<std::string> device;
  std::optional<Disposition> disposition;
  std::optional<std::uint64_t> before;  ///< entries below this index
  std::size_t limit = 50;
};

struct StoreSize {
  std::uint64_t bytes = 0;   ///< on disk
  std::uint64_t values = 0;  ///< current values (latest revisions)
  std::uint64_t series = 0;
  std::uint64_t recent_rows = 0;  ///< not yet sorted
  std::uint64_t settled_rows = 0;
};

/// What one transaction of the follower stored; told to listeners after the commit.
struct Stored {
  Ledger ledger;
  std::vector<FrameLine> frames;     ///< the newest of the batch, at most 100
  std::vector<std::string> devices;  ///< devices with new values, each once
};

/// The series store 时序库 over DuckDB and the follower that turns evidence into values, exactly once: the position in
/// the log commits in the same transaction as what was derived from it.
/// Thread: consume() from one thread; queries from any.
class Store {
 public:
  /// Opens or creates `directory`/telemetry.duckdb. A store that cannot be opened is set aside and begun anew (it is
  /// derived; the log has everything). Errors: unavailable when the directory cannot be used.
  /// `network` and `devices` must outlive the store.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory,
                                                           const registry::Network& network,
                                                           const registry::DeviceRegister& devices,
                                                           StoreOptions options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Derives values from the next entries of the log that the device register has passed; returns how many entries were
  /// processed (0 = up to date with the register).
  /// Errors: damaged when the log is; unavailable when DuckDB cannot write. Nothing is half done.
  [[nodiscard]] Result<std::size_t> consume(const evidence::Log& log);
  /// Sorts recent rows into the settled table when it is worth it. Called when there is nothing to consume.
  Status settle(bool all);
  /// Writes DuckDB's log into its file.
  Status flush();

  /// Entries processed; the next consume() begins here.
  [[nodiscard]] std::uint64_t position() const;
  /// As of the last commit, against a log of `log_size` entries.
  [[nodiscard]] Ledger ledger(std::uint64_t log_size) const;
  /// Called on the consuming thread after each commit. Set before the first consume().
  void on_stored(std::function<void(const Stored&)> listener);

  /// Newest value of each series of a device, in order of factor, kind, command.
  [[nodiscard]] std::vector<Latest> latest(std::string_view device) const;
  /// Newest values of all series.
  [[nodiscard]] std::vector<Latest> latest_all() const;
  [[nodiscard]] Result<SeriesRows> read(const SeriesQuery& query) const;
  /// Errors: invalid_input for an empty range or more than 50 million buckets in all.
  [[nodiscard]] Result<Means> means(const MeansQuery& query) const;
  [[nodiscard]] Result<std::vector<FrameLine>> frames(const FrameQuery& query) const;
  [[nodiscard]] Result<std::optional<FrameLine>> frame(std::uint64_t entry) const;
  /// Values a frame gave, also those since superseded; `current` tells whether it is still the latest revision.
  struct FromFrame {
    SeriesKey key;
    Observation observation;
    bool current = true;
  };
  [[nodiscard]] Result<std::vector<FromFrame>> observations_of(std::uint64_t entry) const;
  /// All revisions of one value, oldest first.
  [[nodiscard]] Result<std::vector<Observation>> revisions(const SeriesKey& key, Instant at) const;

  /// Files of other departments whose manifests have been read, newest first.
  [[nodiscard]] Result<std::vector<ImportedFile>> imports(const ImportQuery& query) const;

  /// Reads the current values of many series, group by group, each series ascending in time: what evaluation and statistics work
  /// on. One state of the store is seen throughout. Memory: the values of one part (about a million), or of the largest group.
  /// `progress` may be empty. Errors: what the visitor returns; invalid_input for an empty range or a device in two groups.
  [[nodiscard]] Result<ScanSummary> scan(const ScanQuery& query, const ScanVisitor& visit,
                                         const std::function<void(const ScanProgress&)>& progress = {}) const;
  /// The devices whose current values came in with entries from `position` on, and the data times they are of: what has to be
  /// evaluated again.
  [[nodiscard]] Result<Changes> changes_since(std::uint64_t position) const;

  /// How complete a device's minute, hour and day records are 数据齐全率: one row per Beijing day and record kind from `from`
  /// to `to` (exclusive), newest last, days without any value of a kind that the device sends included. Intervals that
  /// have not ended by `now` are not expected. The interval of minute records is the device's own: the most frequent
  /// distance between its newest records.
  [[nodiscard]] Result<std::vector<DayCompleteness>> completeness(std::string_view device, Instant from,
                                                                  Instant to, Instant now) const;
  /// Interval starts from `from` to `to` (exclusive) that are missing in at least one series of a record kind which the
  /// device sent before; one element per device and kind with something missing.
  [[nodiscard]] Result<std::vector<MissingIntervals>> missing(const std::vector<std::string>& devices,
                                                              Instant from, Instant to) const;

  /// Expected and received intervals of each minute, hour and day series on each Beijing day from `from` to `to` (midnights, `to`
  /// not in the future), and the missing ones: of the devices named, when none is of all that send by themselves (none of imported files). Unlike completeness() the figures of a day
  /// depend on values of that day and before only, so that they change by late data and by nothing else: a series is
  /// expected when it had a value in the 30 days before, or from its first value on the day; the interval of minute
  /// records is the most frequent distance on the day and the one before.
  [[nodiscard]] Status device_days(const std::vector<std::string>& devices, Instant from, Instant to,
                                   const DeviceDaysVisitor& visit) const;

  /// Writes the values of a query as CSV or Parquet, with `point` and `unit` as columns; returns the number of rows.
  enum class ExportFormat { csv, parquet };
  [[nodiscard]] Result<std::uint64_t> export_series(const SeriesQuery& query, std::string_view point,
                                                    std::string_view unit, ExportFormat format,
                                                    const std::filesystem::path& file) const;

  /// Digest over all values and revisions, independent of storage order: equal digests mean equal content.
  [[nodiscard]] Result<std::string> digest() const;
  [[nodiscard]] StoreSize size() const;
  [[nodiscard]] static std::string engine_version();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Deletes the derived store under `directory`, so that the next open() derives it again from the log.
Status remove_store(const std::filesystem::path& directory);

}  // namespace mj::telemetry
