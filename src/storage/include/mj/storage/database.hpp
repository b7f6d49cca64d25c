#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <soci/soci.h>

#include "mj/kernel/result.hpp"

namespace mj::storage {

/// One numbered change of a room's own tables, embedded into the binary. Never edited after release; roll forward.
struct Migration {
  std::string room;
  int number = 0;
  std::string name;
  std::string sql;
};

/// The change that an embedded file `NNNN_name.sql` holds.
[[nodiscard]] Migration migration(std::string room, std::string_view file_name, std::string_view sql);

/// Opens (creating when missing) an SQLite database in WAL mode with full synchronisation and brings it to the newest
/// migration, each in one transaction. Errors: unavailable when it cannot be opened; damaged when an applied migration's
/// text changed or the database is newer than this program.
/// Thread: a session belongs to one thread at a time.
[[nodiscard]] Result<std::unique_ptr<soci::session>> open_sqlite(const std::filesystem::path& path,
                                                                 const std::vector<Migration>& migrations);

}  // namespace mj::storage
