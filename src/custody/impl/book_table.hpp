#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <soci/soci.h>

#include "day_marks.hpp"
#include "device_chains.hpp"
#include "mj/custody/custody_book.hpp"

namespace mj::custody {

/// A statement with what is kept of it beside the log.
struct StatementRow {
  DayStatement statement;
  std::string payload;  ///< as in the log
};

/// The tables of the book. SQL failures are thrown; the caller holds the lock and catches.
class BookTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<BookTable>> open(const std::filesystem::path& file);
  [[nodiscard]] soci::session& session() { return *session_; }

  struct Book {
    std::uint64_t position = 0;
    std::optional<Instant> closed_day;
  };
  /// Errors: damaged when what is stored cannot be read.
  [[nodiscard]] Result<Book> load(DeviceChains& chains, DayMarks& marks,
                                  std::unordered_map<std::string, std::vector<Explanation>>& explanations);

  /// What was read since the last commit.
  struct Changes {
    Book book;
    const DeviceChains& chains;
    const DayMarks& marks;
    const std::vector<std::pair<DeviceNumber, StatementRow>>& statements;
    const std::vector<Explanation>& explanations;
  };
  void commit(const Changes& changes);
  void set_closed_day(Instant day);

  /// What the newest revision of a device's day says, shortly.
  struct Said {
    std::uint32_t revision = 0;
    std::string figures;
  };
  /// By device number.
  [[nodiscard]] std::unordered_map<DeviceNumber, Said> said_on(Instant day);
  /// Payloads with their entries: newest revision of each day in [from, to), newest day first.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::string>> newest_on(DeviceNumber device, Instant from,
                                                                             Instant to);
  /// The same of the statements that cover something of the entries [from, to), ascending.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::string>> newest_over(DeviceNumber device,
                                                                               std::uint64_t from,
                                                                               std::uint64_t to);
  /// Every statement of a device by day and revision.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::string>> all_of(DeviceNumber device);
  /// Blocks whose last entry is `from` or later and whose number is above `after`, at most `limit`; the one being filled included.
  /// Errors: damaged.
  [[nodiscard]] Result<std::vector<Block>> blocks(DeviceNumber device, std::uint64_t from, std::int64_t after,
                                                  int limit);

 private:
  explicit BookTable(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}
  void put_devices(const DeviceChains& chains);
  void put_marks(const DayMarks& marks);
  void put_statements(const std::vector<std::pair<DeviceNumber, StatementRow>>& statements);
  void put_explanations(const std::vector<Explanation>& explanations);
  std::unique_ptr<soci::session> session_;
};

}  // namespace mj::custody
