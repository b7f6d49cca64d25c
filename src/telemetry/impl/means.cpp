#include <limits>

#include "mj/telemetry/store.hpp"
#include "schema.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

constexpr std::uint64_t kMaxCells = 50'000'000;

}  // namespace

Result<Means> Store::means(const MeansQuery& query) const {
  if (query.to <= query.from || query.bucket_ms <= 0) {
    return Error(ErrorCode::invalid_input,
                 "means need a range that ends after it begins and a bucket longer than nothing");
  }
  Means means;
  const std::int64_t length = query.to.ms_since(query.from);
  means.buckets = static_cast<std::size_t>((length + query.bucket_ms - 1) / query.bucket_ms);

  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> row_of;  // by series id
  std::uint32_t first = kNone;
  std::uint32_t last = 0;
  {
    const std::lock_guard lock(impl_->published_mutex);
    row_of.assign(impl_->keys.size(), kNone);
    const auto take = [&](SeriesId id) {
      const SeriesKey& key = impl_->keys[id.raw()];
      if (key.kind != query.kind || (!query.factor.empty() && key.factor != query.factor)) return;
      if (query.period && period_of(key.cn) != *query.period) return;
      row_of[id.raw()] = static_cast<std::uint32_t>(means.series.size());
      means.series.push_back(key);
      first = std::min(first, id.raw());
      last = std::max(last, id.raw());
    };
    if (query.devices.empty()) {
      for (std::size_t i = 0; i < impl_->keys.size(); ++i) take(SeriesId(static_cast<std::uint32_t>(i)));
    }
    for (const std::string& device : query.devices) {
      const auto found = impl_->series_of_device.find(device);
      if (found == impl_->series_of_device.end()) continue;
      for (const SeriesId id : found->second) take(id);
    }
  }
  if (means.series.size() * means.buckets > kMaxCells) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} series × {} buckets is more than {}; ask for a shorter range or longer buckets",
                             means.series.size(), means.buckets, kMaxCells));
  }
  means.mean.resize(means.series.size() * means.buckets);
  means.count.resize(means.mean.size());
  if (means.series.empty()) return means;

  // Added up here, row by row: the cells stand ready, and a hash table of as many groups would cost DuckDB three times as much.
  return impl_->with_reader([&](duck::Connection& connection) -> Result<Means> {
    MJ_TRY(const std::string detected, and_detected(connection));
    MJ_TRY(duck::Rows rows, connection.stream(fmt::format(
                                "SELECT series, at_ms, value FROM observation WHERE series BETWEEN {} AND {} AND "
                                "at_ms >= {} AND at_ms < {} AND value IS NOT NULL{}",
                                first, last, query.from.ms(), query.to.ms(), detected)));
    while (rows.next()) {
      const std::uint32_t row = row_of[rows.get<std::uint32_t>(0)];
      if (row == kNone) continue;
      const auto bucket =
          static_cast<std::size_t>((rows.get<std::int64_t>(1) - query.from.ms()) / query.bucket_ms);
      const std::size_t cell = row * means.buckets + bucket;
      means.mean[cell] += rows.get<double>(2);
      ++means.count[cell];
    }
    for (std::size_t cell = 0; cell < means.mean.size(); ++cell) {
      if (means.count[cell] > 0) means.mean[cell] /= means.count[cell];
    }
    return std::move(means);
  });
}

}  // namespace mj::telemetry
