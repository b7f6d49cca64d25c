#include "derivation.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/evidence_format/entry.hpp"

namespace mj::bundle {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::uint64_t kMaxInteger = 1ULL << 53U;

/// A statement and where it stands.
struct Placed {
  std::uint64_t index = 0;
  custody::DayStatement said;
};

Error refuse(std::uint64_t index, std::string_view why) {
  return Error(ErrorCode::damaged, fmt::format("statement in entry {}: {}", index, why));
}

Result<Placed> read_statement(std::uint64_t index, BytesView bytes, std::string_view device) {
  MJ_TRY(const evidence_format::Entry entry, evidence_format::decode(bytes));
  if (entry.type != evidence_format::EntryType::event) return refuse(index, "the entry is no event");
  auto said = custody::parse_statement(as_text(entry.payload));
  if (!said) return refuse(index, said.error().text());
  if (said->device != device || entry.device != device) return refuse(index, "it is about another device");
  if (said->to > index) return refuse(index, "its range reaches beyond itself");
  if (said->sequence >= kMaxInteger) return refuse(index, "its sequence is 2^53 or more");
  return Placed{index, *std::move(said)};
}

/// The entries of the device within the statement's range: as many as it says, and chained as it says.
Status check_entries(const Document& document, const Placed& statement) {
  const custody::DayStatement& said = statement.said;
  Digest link = said.chain_before;
  std::uint64_t count = 0;
  auto place = std::lower_bound(document.entries.begin(), document.entries.end(), said.from,
                                [](const PlacedEntry& entry, std::uint64_t index) { return entry.index < index; });
  for (; place != document.entries.end() && place->index < said.to; ++place) {
    MJ_TRY(const evidence_format::Entry entry, evidence_format::decode(place->bytes));
    if (entry.device != said.device || entry.type == evidence_format::EntryType::event) continue;
    link = custody::chain_next(link, evidence_format::leaf_hash(place->bytes));
    ++count;
  }
  if (count != said.count) {
    return refuse(statement.index,
                  fmt::format("it says that entries {} to {} hold {} of the device, the bundle has {}", said.from,
                              said.to, said.count, count));
  }
  if (link != said.chain_after)
    return refuse(statement.index, "the chain of the entries in the bundle does not lead to chain_after");
  return {};
}

Status check_order(const Placed& before, const Placed& statement) {
  const custody::DayStatement& a = before.said;
  const custody::DayStatement& b = statement.said;
  if (b.day <= a.day) return refuse(statement.index, "its day is not later than that of the one before");
  if (b.from != a.to)
    return refuse(statement.index, fmt::format("it begins at entry {}, the one before ends at {}", b.from, a.to));
  if (b.sequence != a.sequence + a.count)
    return refuse(statement.index, "its sequence does not follow from the one before");
  if (b.chain_before != a.chain_after)
    return refuse(statement.index, "its chain does not follow from the one before");
  return {};
}

}  // namespace

Status check_statements(const Document& document) {
  if (document.figure_id) return Error(ErrorCode::damaged, "a figure has no statements");
  if (document.statements.empty()) {
    return Error(ErrorCode::damaged,
                 "no statement says how many entries the device has: nothing shows that none is left out");
  }
  std::optional<Placed> before;
  for (const std::uint64_t index : document.statements) {
    MJ_TRY(Placed statement,
           read_statement(index, document.entries[*document.place_of(index)].bytes, document.device));
    const custody::DayStatement& said = statement.said;
    if (before) MJ_CHECK(check_order(*before, statement));
    if (said.sequence == 0 && said.chain_before != custody::chain_start(document.device))
      return refuse(index, "chain_before is not the beginning of the device's chain");
    if (!before && said.sequence != 0 && said.from != 0 && said.day > document.from)
      return refuse(index, "it is the first, and its day later than the time asked for");
    MJ_CHECK(check_entries(document, statement));
    before = std::move(statement);
  }
  if (before->said.day.plus_ms(kDayMs) < document.to)
    return refuse(before->index, "it is the last, and its day ends before the time asked for");
  return {};
}

}  // namespace mj::bundle
