#pragma once

#include <unistd.h>

#include <filesystem>

#include "mj/outbox/outbox.hpp"

namespace mj::outbox {

/// A directory that is empty at first and gone afterwards; in memory where that can be had.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    static std::atomic<int> number = 0;
    const std::filesystem::path memory = "/dev/shm";
    path_ = (::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path()) /
            fmt::format("mj-outbox-{}-{}", ::getpid(), number++);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::unique_ptr<evidence::Log> open_log(const std::filesystem::path& directory) {
  evidence::LogOptions options;
  options.origin = "test.local/outbox";
  auto log = evidence::Log::open(directory / "evidence", options);
  if (!log) throw std::runtime_error(log.error().text());
  return *std::move(log);
}

/// A room with one table of its own besides the outbox.
inline std::unique_ptr<soci::session> open_table(const std::filesystem::path& directory) {
  auto session =
      storage::open_sqlite(directory / "room.sqlite",
                           {{"room", 1, "thing", "CREATE TABLE thing(name TEXT NOT NULL)"}, migration("room", 2)});
  if (!session) throw std::runtime_error(session.error().text());
  return *std::move(session);
}

inline evidence_format::Entry event(std::string_view text, std::string_view device = "A1") {
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::event;
  entry.received_at = Instant::from_ms(1'772'000'000'000);
  entry.device = device;
  entry.payload = as_bytes(text);
  return entry;
}

/// The room's act: a thing, and the entry that says so.
inline void make_thing(soci::session& session, const evidence::Log& log, const std::string& name) {
  soci::transaction transaction(session);
  session << "INSERT INTO thing(name) VALUES(:n)", soci::use(name);
  if (Status done = put(session, event(name), log.size()); !done) throw std::runtime_error(done.error().text());
  transaction.commit();
}

inline std::vector<std::string> payloads(const evidence::Log& log) {
  std::vector<std::string> texts;
  for (std::uint64_t next = 0; next < log.size();) {
    const auto batch = log.read(evidence::EntryIndex(next), 1000, 1 << 20).value();
    for (const auto& stored : batch.entries) texts.emplace_back(as_text(stored.entry.payload));
    next += batch.entries.size();
  }
  return texts;
}

inline std::vector<std::string> things(soci::session& session) {
  std::vector<std::string> names;
  std::string name;
  soci::statement query = (session.prepare << "SELECT name FROM thing ORDER BY rowid", soci::into(name));
  query.execute();
  while (query.fetch()) names.push_back(name);
  return names;
}

}  // namespace mj::outbox
