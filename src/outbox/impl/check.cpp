#include "mj/evidence_format/merkle.hpp"
#include "mj/outbox/outbox.hpp"
#include "row.hpp"

namespace mj::outbox {
namespace {

constexpr std::int64_t kRowsAtOnce = 4096;

}  // namespace

Status check(soci::session& session, const evidence::Log& log) {
  try {
    MJ_TRY(const Head head, read_head(session));
    std::optional<Row> before;
    Bytes bytes;
    for (;;) {
      const std::vector<Row> rows = read_rows(session, before ? before->id : 0, kRowsAtOnce);
      for (const Row& row : rows) {
        MJ_TRY(const Digest leaf, check_row(row, before ? &*before : nullptr));
        before = row;
        if (!row.place) continue;
        const auto place = static_cast<std::uint64_t>(*row.place);
        if (place >= log.size()) return row_error(row.id, fmt::format("names entry {}, beyond the log", place));
        MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(place), 1, 1));
        bytes.clear();
        MJ_CHECK(evidence_format::encode(batch.entries.front().entry, bytes));
        if (evidence_format::leaf_hash(bytes) != leaf) {
          return row_error(row.id, fmt::format("is not what entry {} of the log holds", place));
        }
      }
      if (std::cmp_less(rows.size(), kRowsAtOnce)) break;
    }
    return check_end(head, before ? &*before : nullptr);
  } catch (const std::exception& failure) {
    return sql_error(failure);
  }
}

}  // namespace mj::outbox
