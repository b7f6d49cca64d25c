#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::outbox {

/// A row as it is stored. Texts are kept as read, so that a changed character is seen and not normalised away.
struct Row {
  std::int64_t id = 0;                ///< 1, 2, 3 … without gaps
  std::int64_t log_size = 0;          ///< when it was put
  std::string leaf;                   ///< leaf hash of the entry, hexadecimal
  std::string link;                   ///< chain after this row, hexadecimal
  std::string entry;                  ///< canonical encoding in Base64; empty once it is in the log
  std::optional<std::int64_t> place;  ///< index of the entry in the log
  std::string seal;                   ///< hash of link and place, so that `place` is guarded as well; empty before
};

/// How many rows there are and the link of the last.
struct Head {
  std::int64_t rows = 0;
  std::string link;
};

/// What stands before the first row.
[[nodiscard]] std::string first_link();
/// SHA-256("mingjian outbox row v1\n" ‖ link before ‖ id ‖ log size ‖ leaf), hexadecimal.
[[nodiscard]] std::string next_link(const std::string& before, std::int64_t id, std::int64_t log_size,
                                    const Digest& leaf);
[[nodiscard]] std::string place_seal(const std::string& link, std::int64_t place);

/// Errors: damaged when it is missing or there are several.
[[nodiscard]] Result<Head> read_head(soci::session& session);
/// Rows with an id above `after`, ascending. SQL failures are thrown.
[[nodiscard]] std::vector<Row> read_rows(soci::session& session, std::int64_t after, std::int64_t limit);

/// Whether a row follows from the one before it and is well-formed in itself; returns its leaf. Errors: damaged, naming the row.
[[nodiscard]] Result<Digest> check_row(const Row& row, const Row* before);

/// Whether the chain ends where the head says. Errors: damaged.
[[nodiscard]] Status check_end(const Head& head, const Row* last);

[[nodiscard]] Error row_error(std::int64_t id, const std::string& what);
[[nodiscard]] Error sql_error(const std::exception& failure);

}  // namespace mj::outbox
