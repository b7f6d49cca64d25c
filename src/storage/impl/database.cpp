#include "mj/storage/database.hpp"

#include <openssl/sha.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "mj/kernel/bytes.hpp"
#include "mj/storage/file.hpp"

namespace mj::storage {
namespace {

std::string text_hash(const std::string& text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return to_hex(digest);
}

/// SOCI prepares one statement at a time; a migration file holds several, so SQLite itself takes it apart.
void execute_all(soci::session& session, const std::string& sql) {
  auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
  char* reason = nullptr;
  if (sqlite_api::sqlite3_exec(backend->conn_, sql.c_str(), nullptr, nullptr, &reason) != SQLITE_OK) {
    const std::string text = reason != nullptr ? reason : "unknown error";
    sqlite_api::sqlite3_free(reason);
    throw soci::soci_error(text);
  }
}

/// SOCI leaks its connection when SQLite finds out by itself that a file is something else, and says less.
Status refuse_foreign_file(const std::filesystem::path& path) {
  const auto file = File::open(path, File::Mode::read);
  if (!file) return {};  // new, or SQLite will say what is wrong with it
  // Source: SQLite database file format, §1.3: the header string, with its terminating zero.
  constexpr std::string_view kHeader("SQLite format 3\0", 16);
  std::array<std::byte, kHeader.size()> begin{};
  MJ_TRY(const std::size_t got, file->read_at(0, begin));
  if (got != 0 && as_text(std::span(begin).first(got)) != kHeader) {
    return Error(ErrorCode::unavailable, "this file is no SQLite database; it was left as it is");
  }
  return {};
}

Status migrate(soci::session& session, const std::vector<Migration>& migrations) {
  session << "CREATE TABLE IF NOT EXISTS storage_migration(room TEXT NOT NULL, number INTEGER NOT NULL, name TEXT "
             "NOT NULL, "
             "sha256 TEXT NOT NULL, PRIMARY KEY(room, number))";
  for (const Migration& migration : migrations) {
    const std::string hash = text_hash(migration.sql);
    std::string applied;
    session << "SELECT sha256 FROM storage_migration WHERE room = :r AND number = :n", soci::use(migration.room),
        soci::use(migration.number), soci::into(applied);
    if (session.got_data()) {
      if (applied != hash) {
        return Error(ErrorCode::damaged,
                     fmt::format("migration {}/{:04} ({}) was changed after it had been applied; "
                                 "use the program version that created this database",
                                 migration.room, migration.number, migration.name));
      }
      continue;
    }
    soci::transaction transaction(session);
    execute_all(session, migration.sql);
    session << "INSERT INTO storage_migration(room, number, name, sha256) VALUES(:r, :n, :name, :h)",
        soci::use(migration.room), soci::use(migration.number), soci::use(migration.name), soci::use(hash);
    transaction.commit();
  }
  int known = static_cast<int>(migrations.size());
  int stored = 0;
  session << "SELECT count(*) FROM storage_migration", soci::into(stored);
  if (stored > known) {
    return Error(ErrorCode::damaged,
                 "the database was written by a newer version of mingjian; start that version");
  }
  return {};
}

}  // namespace

Migration migration(std::string room, std::string_view file_name, std::string_view sql) {
  constexpr std::size_t kDigits = 4;
  const std::string_view stem = file_name.substr(0, file_name.rfind('.'));
  return {std::move(room), std::stoi(std::string(stem.substr(0, kDigits))), std::string(stem.substr(kDigits + 1)),
          std::string(sql)};
}

Result<std::unique_ptr<soci::session>> open_sqlite(const std::filesystem::path& path,
                                                   const std::vector<Migration>& migrations) {
  try {
    // Quoted, because SOCI ends an unquoted value at the first blank and would open another file.
    if (path.string().find('"') != std::string::npos) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("{}: a path with a quotation mark cannot be opened", path.string()));
    }
    if (Status ours = refuse_foreign_file(path); !ours) return ours.error().context(path.string());
    auto session = std::make_unique<soci::session>(
        soci::sqlite3, fmt::format("db=\"{}\" timeout=10 synchronous=full", path.string()));
    std::string mode;
    *session << "PRAGMA journal_mode = WAL", soci::into(mode);
    *session << "PRAGMA foreign_keys = ON";
    if (Status migrated = migrate(*session, migrations); !migrated) return migrated.error().context(path.string());
    return session;
  } catch (const std::exception& failure) {
    return Error(ErrorCode::unavailable, fmt::format("cannot open {}: {}", path.string(), failure.what()));
  }
}

}  // namespace mj::storage
