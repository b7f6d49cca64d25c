#include "book_table.hpp"

#include <limits>

#include "packing.hpp"

namespace mj::custody {
namespace {

using Payloads = std::vector<std::pair<std::uint64_t, std::string>>;

/// The newest revision of a day of a device: no later one exists.
constexpr std::string_view kNewest =
    "NOT EXISTS (SELECT 1 FROM custody_statement n WHERE n.device = s.device AND n.day = s.day AND "
    "n.revision > s.revision)";

Payloads payloads(soci::session& session, const std::string& sql, long long device, long long low,
                  long long high) {
  Payloads result;
  long long entry = 0;
  std::string payload;
  soci::statement query = (session.prepare << sql, soci::use(device), soci::use(low), soci::use(high),
                           soci::into(entry), soci::into(payload));
  query.execute();
  while (query.fetch()) result.emplace_back(static_cast<std::uint64_t>(entry), payload);
  return result;
}

}  // namespace

std::unordered_map<DeviceNumber, BookTable::Said> BookTable::said_on(Instant day) {
  std::unordered_map<DeviceNumber, Said> result;
  const long long ms = day.ms();
  long long device = 0, revision = 0;
  std::string figures;
  soci::statement query =
      (session_->prepare
           << "SELECT device, revision, figures FROM custody_statement WHERE day = :d ORDER BY device, "
              "revision",
       soci::use(ms), soci::into(device), soci::into(revision), soci::into(figures));
  query.execute();
  while (query.fetch()) {
    result[static_cast<DeviceNumber>(device)] = {static_cast<std::uint32_t>(revision), figures};
  }
  return result;
}

Payloads BookTable::newest_on(DeviceNumber device, Instant from, Instant to) {
  return payloads(*session_,
                  fmt::format("SELECT entry, payload FROM custody_statement s WHERE device = :v AND day >= :f AND "
                              "day < :t AND {} ORDER BY day DESC",
                              kNewest),
                  device, from.ms(), to.ms());
}

Payloads BookTable::newest_over(DeviceNumber device, std::uint64_t from, std::uint64_t to) {
  return payloads(
      *session_,
      fmt::format("SELECT entry, payload FROM custody_statement s WHERE device = :v AND to_entry > :f AND "
                  "from_entry < :t AND to_entry > from_entry AND {} ORDER BY from_entry",
                  kNewest),
      device, static_cast<long long>(from), static_cast<long long>(to));
}

Payloads BookTable::all_of(DeviceNumber device) {
  return payloads(*session_,
                  "SELECT entry, payload FROM custody_statement WHERE device = :v AND day BETWEEN :f AND :t "
                  "ORDER BY day, revision",
                  device, std::numeric_limits<long long>::min(), std::numeric_limits<long long>::max());
}

Result<std::vector<Block>> BookTable::blocks(DeviceNumber device, std::uint64_t from, std::int64_t after,
                                             int limit) {
  std::vector<Block> result;
  const long long id = device;
  const auto first = static_cast<long long>(from);
  const long long behind = after;
  long long number = 0;
  std::string before, packed;
  soci::statement query =
      (session_->prepare << "SELECT number, chain_before, entries FROM custody_block WHERE device "
                            "= :d AND last_entry >= :f AND number > :a ORDER BY number LIMIT :l",
       soci::use(id), soci::use(first), soci::use(behind), soci::use(limit), soci::into(number),
       soci::into(before), soci::into(packed));
  query.execute();
  while (query.fetch()) {
    const auto chain = unpack_digest(before);
    auto entries = unpack_entries(packed);
    if (!chain || !entries || entries->empty() || entries->size() > kBlockEntries) {
      return Error(ErrorCode::damaged, fmt::format("block {} of a device in the book of custody cannot be read; "
                                                   "delete the book, it is derived again",
                                                   number));
    }
    result.push_back({device, static_cast<std::uint64_t>(number), *chain, *std::move(entries)});
  }
  return result;
}

}  // namespace mj::custody
