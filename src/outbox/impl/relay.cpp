#include "relay.hpp"

#include <future>
#include <limits>
#include <unordered_set>

#include "mj/evidence_format/merkle.hpp"
#include "row.hpp"

namespace mj::outbox {
namespace {

constexpr std::size_t kReadEntries = 16384;
constexpr std::size_t kReadBytes = 8U << 20;
constexpr std::int64_t kReadRows = 4096;

/// A row whose entry is not yet known to be in the log.
struct Waiting {
  Row row;
  Digest leaf{};
  Bytes bytes;
  std::optional<std::uint64_t> found;
};

/// Reads the waiting rows, each checked against the one before it.
Result<std::vector<Waiting>> read_waiting(soci::session& session) {
  std::vector<Waiting> waiting;
  MJ_TRY(const Head head, read_head(session));
  long long first = 0;
  soci::indicator some = soci::i_null;
  session << "SELECT min(id) FROM outbox_row WHERE place IS NULL", soci::into(first, some);
  // Without a waiting row the last one is looked at all the same: it must be the one that the head names.
  const std::int64_t begin = some == soci::i_ok ? first : head.rows + 1;
  std::optional<Row> before;
  if (begin > 1) {
    std::vector<Row> rows = read_rows(session, begin - 2, 1);
    if (rows.empty() || rows.front().id != begin - 1) return row_error(begin - 1, "is missing");
    before = std::move(rows.front());
  }
  for (;;) {
    std::vector<Row> rows = read_rows(session, before ? before->id : 0, kReadRows);
    for (Row& row : rows) {
      MJ_TRY(const Digest leaf, check_row(row, before ? &*before : nullptr));
      before = row;
      if (row.place) continue;
      auto bytes = from_base64(row.entry);
      waiting.push_back({std::move(row), leaf, bytes ? *std::move(bytes) : Bytes(), std::nullopt});
    }
    if (std::cmp_less(rows.size(), kReadRows)) break;
  }
  MJ_CHECK(check_end(head, before ? &*before : nullptr));
  return waiting;
}

/// Places in the log, from `from` on, that belong to rows already.
std::vector<std::uint64_t> taken_places(soci::session& session, std::uint64_t from) {
  std::vector<std::uint64_t> places;
  const auto first = static_cast<long long>(from);
  long long place = 0;
  soci::statement query = (session.prepare << "SELECT place FROM outbox_row WHERE place >= :f ORDER BY place",
                           soci::use(first), soci::into(place));
  query.execute();
  while (query.fetch()) places.push_back(static_cast<std::uint64_t>(place));
  return places;
}

/// Looks for entries that were appended before the table could note it.
Status find_appended(soci::session& session, const evidence::Log& log, std::vector<Waiting>& waiting) {
  std::uint64_t from = std::numeric_limits<std::uint64_t>::max();
  std::map<Digest, std::vector<Waiting*>> by_leaf;
  std::unordered_set<std::size_t> lengths;  // of payloads: most entries of the log need no hash
  for (Waiting& each : waiting) {
    from = std::min(from, static_cast<std::uint64_t>(each.row.log_size));
    by_leaf[each.leaf].push_back(&each);
    MJ_TRY(const evidence_format::Entry entry, evidence_format::decode(each.bytes));
    lengths.insert(entry.payload.size());
  }
  const std::uint64_t end = log.size();
  const std::vector<std::uint64_t> taken = taken_places(session, from);
  Bytes bytes;
  for (std::uint64_t next = from; next < end;) {
    const std::size_t most = std::min<std::uint64_t>(kReadEntries, end - next);
    MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(next), most, kReadBytes));
    for (const evidence::StoredEntry& stored : batch.entries) {
      if (!lengths.contains(stored.entry.payload.size())) continue;
      bytes.clear();
      MJ_CHECK(evidence_format::encode(stored.entry, bytes));
      const auto rows = by_leaf.find(evidence_format::leaf_hash(bytes));
      const std::uint64_t index = stored.index.raw();
      if (rows == by_leaf.end() || std::binary_search(taken.begin(), taken.end(), index)) continue;
      for (Waiting* each : rows->second) {
        if (each->found || std::cmp_less(index, each->row.log_size)) continue;
        each->found = index;
        break;
      }
    }
    next += batch.entries.size();
  }
  return {};
}

/// Writes down where the rows of [begin, end) stand.
void note(soci::session& session, std::span<const Waiting> rows, std::span<const std::uint64_t> places) {
  soci::transaction transaction(session);
  long long id = 0;
  long long place = 0;
  std::string seal;
  soci::statement update =
      (session.prepare << "UPDATE outbox_row SET place = :p, seal = :s, entry = '' WHERE id = :id",
       soci::use(place), soci::use(seal), soci::use(id));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    id = rows[i].row.id;
    place = static_cast<long long>(places[i]);
    seal = place_seal(rows[i].row.link, place);
    update.execute(true);
  }
  transaction.commit();
}

Result<std::uint64_t> append(evidence::Log& log, std::span<const Waiting> rows) {
  evidence::Batch batch;
  for (const Waiting& each : rows) {
    MJ_TRY(const evidence_format::Entry entry, evidence_format::decode(each.bytes));
    MJ_CHECK(batch.add(entry));
  }
  std::promise<Result<evidence::EntryIndex>> durable;
  MJ_CHECK(log.append(std::move(batch),
                      [&durable](const Result<evidence::EntryIndex>& first) { durable.set_value(first); }));
  MJ_TRY(const evidence::EntryIndex first, durable.get_future().get());
  return first.raw();
}

}  // namespace

Result<Relayed> relay_with(soci::session& session, evidence::Log& log, const RelaySteps& steps) {
  Relayed relayed;
  try {
    MJ_TRY(std::vector<Waiting> waiting, read_waiting(session));
    if (waiting.empty()) return relayed;
    MJ_CHECK(find_appended(session, log, waiting));
    std::vector<std::uint64_t> places;
    for (std::size_t begin = 0; begin < waiting.size();) {
      const bool found = waiting[begin].found.has_value();
      places.clear();
      std::size_t end = begin;
      std::size_t bytes = 0;
      // A stretch of rows that the log has, or of rows that it lacks.
      while (end < waiting.size() && waiting[end].found.has_value() == found &&
             (bytes == 0 || bytes + waiting[end].bytes.size() <= steps.batch_bytes)) {
        bytes += waiting[end++].bytes.size();
      }
      const std::span<const Waiting> rows(waiting.data() + begin, end - begin);
      if (found) {
        for (const Waiting& each : rows) places.push_back(each.found.value_or(0));
        relayed.found += rows.size();
      } else {
        MJ_TRY(const std::uint64_t first, append(log, rows));
        if (steps.appended) steps.appended();
        for (std::size_t i = 0; i < rows.size(); ++i) places.push_back(first + i);
        relayed.appended += rows.size();
      }
      note(session, rows, places);
      if (steps.noted) steps.noted();
      begin = end;
    }
  } catch (const std::exception& failure) {
    return sql_error(failure);
  }
  return relayed;
}

Result<Relayed> relay(soci::session& session, evidence::Log& log) { return relay_with(session, log, {}); }

}  // namespace mj::outbox
