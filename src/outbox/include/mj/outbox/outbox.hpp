#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "mj/evidence/log.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/kernel/result.hpp"
#include "mj/storage/database.hpp"

namespace mj::outbox {

/// Business events that a room writes together with its own tables 发件箱: put() in the room's transaction, relay() afterwards. So
/// the log never lacks what the tables hold, and the tables never hold what the log will not get.
///
/// Rows are chained by SHA-256, so a changed, removed or re-ordered row is found before it is relayed. A row is relayed exactly
/// once, also when the process dies between the log and the table: the row knows the size of the log when it was written, and
/// relay() looks for its bytes from there on. Two entries of the same bytes that wait at the same time are told apart by their
/// number only.

/// The table of the outbox, for the migrations of the room that has one.
[[nodiscard]] storage::Migration migration(std::string room, int number);

/// Adds entries within the caller's transaction, all or none. `log_size`: Log::size() now. Errors: invalid_input when an entry
/// cannot be encoded; damaged when the table has no head; unavailable when SQL fails. After an error roll back.
Status put(soci::session& session, std::span<const evidence_format::Entry> entries, std::uint64_t log_size);
Status put(soci::session& session, const evidence_format::Entry& entry, std::uint64_t log_size);

/// What relay() did.
struct Relayed {
  std::size_t appended = 0;  ///< entries appended now
  std::size_t found = 0;     ///< entries that were in the log already
};
/// Appends all waiting rows in order, many to one sync, and notes the entries' indices. A relayed row keeps the leaf hash of its
/// entry, no longer its bytes. Errors: damaged when the chain of waiting rows is broken (nothing of them is appended);
/// unavailable when the log cannot commit; what was relayed stays relayed.
/// Waits for the log; the caller's transaction is over.
[[nodiscard]] Result<Relayed> relay(soci::session& session, evidence::Log& log);

/// Compares every relayed row with its entry in the log, and the whole chain. Errors: damaged naming the row; those of Log::read().
Status check(soci::session& session, const evidence::Log& log);

/// Empties the outbox, because the log that it was written for was replaced by another or an older one. In a transaction of its own.
Status forget(soci::session& session);

}  // namespace mj::outbox
