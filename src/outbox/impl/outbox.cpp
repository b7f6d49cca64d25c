#include "mj/outbox/outbox.hpp"

#include "mj/evidence_format/merkle.hpp"
#include "row.hpp"

namespace mj::outbox {

storage::Migration migration(std::string room, int number) {
  return {std::move(room), number, "outbox",
          fmt::format(R"sql(
-- Entries for the evidence log, written with the room's own tables, relayed afterwards.
CREATE TABLE outbox_row(
  id INTEGER PRIMARY KEY,   -- 1, 2, 3 ... without gaps
  log_size INTEGER NOT NULL,-- entries of the log when the row was put
  leaf TEXT NOT NULL,       -- leaf hash of the entry
  link TEXT NOT NULL,       -- hash over the link of the row before, id, log_size and leaf
  entry TEXT NOT NULL,      -- canonical encoding, Base64; empty once it is in the log
  place INTEGER,            -- index of the entry in the log
  seal TEXT NOT NULL        -- hash over link and place; empty before
);
CREATE INDEX outbox_row_waiting ON outbox_row(id) WHERE place IS NULL;
CREATE INDEX outbox_row_place ON outbox_row(place);
CREATE TABLE outbox_head(row_count INTEGER NOT NULL, link TEXT NOT NULL);
INSERT INTO outbox_head(row_count, link) VALUES(0, '{}');
)sql",
                      first_link())};
}

Status put(soci::session& session, std::span<const evidence_format::Entry> entries, std::uint64_t log_size) {
  if (entries.empty()) return {};
  try {
    MJ_TRY(Head head, read_head(session));
    long long id = 0;
    const auto size = static_cast<long long>(log_size);
    std::string leaf_text;
    std::string encoded;
    soci::statement insert =
        (session.prepare << "INSERT INTO outbox_row(id, log_size, leaf, link, entry, place, seal) "
                            "VALUES(:id, :size, :leaf, :link, :entry, NULL, '')",
         soci::use(id), soci::use(size), soci::use(leaf_text), soci::use(head.link), soci::use(encoded));
    Bytes bytes;
    for (const evidence_format::Entry& entry : entries) {
      bytes.clear();
      MJ_CHECK(evidence_format::encode(entry, bytes));
      const Digest leaf = evidence_format::leaf_hash(bytes);
      id = ++head.rows;
      head.link = next_link(head.link, head.rows, size, leaf);
      leaf_text = to_hex(leaf);
      encoded = to_base64(bytes);
      insert.execute(true);
    }
    const long long rows = head.rows;
    session << "UPDATE outbox_head SET row_count = :n, link = :l", soci::use(rows), soci::use(head.link);
    return {};
  } catch (const std::exception& failure) {
    return sql_error(failure);
  }
}

Status put(soci::session& session, const evidence_format::Entry& entry, std::uint64_t log_size) {
  return put(session, std::span(&entry, 1), log_size);
}

Status forget(soci::session& session) {
  try {
    const std::string link = first_link();
    soci::transaction transaction(session);
    session << "DELETE FROM outbox_row";
    session << "UPDATE outbox_head SET row_count = 0, link = :l", soci::use(link);
    transaction.commit();
    return {};
  } catch (const std::exception& failure) {
    return sql_error(failure);
  }
}

}  // namespace mj::outbox
