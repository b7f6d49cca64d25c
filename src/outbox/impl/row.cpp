#include "row.hpp"

#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/merkle.hpp"

namespace mj::outbox {
namespace {

constexpr std::string_view kRowTag = "mingjian outbox row v1\n";
constexpr std::string_view kPlaceTag = "mingjian outbox place v1\n";

void add_text(Bytes& bytes, std::string_view text) {
  const BytesView view = as_bytes(text);
  bytes.insert(bytes.end(), view.begin(), view.end());
}

void add_number(Bytes& bytes, std::int64_t number) {
  const auto raw = static_cast<std::uint64_t>(number);
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(raw >> shift));
}

std::optional<Digest> read_digest(const std::string& text) {
  const auto bytes = from_hex(text);
  Digest digest{};
  // One spelling of one digest: capital letters would read the same.
  if (!bytes || bytes->size() != digest.size() || to_hex(*bytes) != text) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

}  // namespace

std::string first_link() { return to_hex(evidence_format::sha256(as_bytes("mingjian outbox v1\n"))); }

std::string next_link(const std::string& before, std::int64_t id, std::int64_t log_size, const Digest& leaf) {
  Bytes bytes;
  add_text(bytes, kRowTag);
  add_text(bytes, before);
  add_number(bytes, id);
  add_number(bytes, log_size);
  bytes.insert(bytes.end(), leaf.begin(), leaf.end());
  return to_hex(evidence_format::sha256(bytes));
}

std::string place_seal(const std::string& link, std::int64_t place) {
  Bytes bytes;
  add_text(bytes, kPlaceTag);
  add_text(bytes, link);
  add_number(bytes, place);
  return to_hex(evidence_format::sha256(bytes));
}

Result<Head> read_head(soci::session& session) {
  int heads = 0;
  session << "SELECT count(*) FROM outbox_head", soci::into(heads);
  if (heads != 1) return Error(ErrorCode::damaged, fmt::format("the outbox has {} heads instead of one", heads));
  long long rows = 0;
  Head head;
  session << "SELECT row_count, link FROM outbox_head", soci::into(rows), soci::into(head.link);
  head.rows = rows;
  return head;
}

std::vector<Row> read_rows(soci::session& session, std::int64_t after, std::int64_t limit) {
  std::vector<Row> rows;
  long long id = 0;
  long long log_size = 0;
  long long place = 0;
  soci::indicator has_place = soci::i_null;
  Row row;
  const long long first = after;
  const long long most = limit;
  soci::statement query =
      (session.prepare << "SELECT id, log_size, leaf, link, entry, place, seal FROM outbox_row "
                          "WHERE id > :after ORDER BY id LIMIT :most",
       soci::use(first), soci::use(most), soci::into(id), soci::into(log_size), soci::into(row.leaf),
       soci::into(row.link), soci::into(row.entry), soci::into(place, has_place), soci::into(row.seal));
  query.execute();
  while (query.fetch()) {
    row.id = id;
    row.log_size = log_size;
    row.place = has_place == soci::i_ok ? std::optional<std::int64_t>(place) : std::nullopt;
    rows.push_back(row);
  }
  return rows;
}

Result<Digest> check_row(const Row& row, const Row* before) {
  const std::int64_t expected = before == nullptr ? 1 : before->id + 1;
  if (row.id != expected) {
    return row_error(expected, fmt::format("is missing; the next one found is row {}", row.id));
  }
  const auto leaf = read_digest(row.leaf);
  if (!leaf) return row_error(row.id, "holds no leaf hash");
  if (row.link != next_link(before == nullptr ? first_link() : before->link, row.id, row.log_size, *leaf)) {
    return row_error(row.id, "does not follow from the row before it");
  }
  if (row.log_size < 0) return row_error(row.id, "has a log size below zero");
  if (row.place) {
    if (!row.entry.empty()) return row_error(row.id, "is in the log and still holds bytes");
    if (row.seal != place_seal(row.link, *row.place)) return row_error(row.id, "names another place in the log");
    if (*row.place < row.log_size) return row_error(row.id, "is older than itself");
    return *leaf;
  }
  if (!row.seal.empty()) return row_error(row.id, "has lost its place in the log");
  const auto bytes = from_base64(row.entry);
  if (!bytes || evidence_format::leaf_hash(*bytes) != *leaf || !evidence_format::decode(*bytes)) {
    return row_error(row.id, "holds other bytes than were put");
  }
  return *leaf;
}

Status check_end(const Head& head, const Row* last) {
  const std::int64_t id = last == nullptr ? 0 : last->id;
  if (id != head.rows || (last == nullptr ? first_link() : last->link) != head.link) {
    return Error(ErrorCode::damaged,
                 fmt::format("the outbox ends with row {}, its head names row {}", id, head.rows));
  }
  return {};
}

Error row_error(std::int64_t id, const std::string& what) {
  return Error(ErrorCode::damaged, fmt::format("outbox row {} {}", id, what));
}

Error sql_error(const std::exception& failure) {
  return Error(ErrorCode::unavailable, fmt::format("the outbox cannot be used: {}", failure.what()));
}

}  // namespace mj::outbox
