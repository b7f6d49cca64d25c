#include "book_impl.hpp"
#include "day.hpp"

namespace mj::custody {
namespace {

constexpr int kBlocksPerRead = 64;

Error wrong(const DayStatement& statement, std::string_view what) {
  return Error(ErrorCode::damaged, fmt::format("the statement of {} about {} in entry {} {}", statement.device,
                                               day_text(statement.day), statement.entry, what));
}

/// What the log holds must be what the book says it holds.
Status check_in_log(const evidence::Log& log, const DayStatement& statement) {
  if (statement.entry >= log.size()) return wrong(statement, "is beyond the end of the log");
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(statement.entry), 1, 1));
  const evidence_format::Entry& entry = batch.entries.front().entry;
  if (entry.type != evidence_format::EntryType::event || entry.device != statement.device ||
      as_text(entry.payload) != to_json(statement)) {
    return wrong(statement, "is not what the log holds there");
  }
  if (statement.to > statement.entry) return wrong(statement, "covers entries behind itself");
  return {};
}

/// Whether statements follow from one another; keeps one of each day.
Result<std::vector<DayStatement>> check_order(const evidence::Log& log, std::string_view device,
                                              std::vector<DayStatement> all) {
  std::vector<DayStatement> days;
  std::uint32_t revision = 0;
  for (DayStatement& each : all) {
    MJ_CHECK(check_in_log(log, each));
    if (!days.empty() && days.back().day == each.day) {
      const DayStatement& first = days.back();
      if (each.revision != revision + 1) return wrong(each, "has the same number as another, or one was left out");
      if (each.from != first.from || each.to != first.to || each.count != first.count ||
          each.sequence != first.sequence || each.chain_before != first.chain_before ||
          each.chain_after != first.chain_after)
        return wrong(each, "is about other entries than the revision before it");
      revision = each.revision;
      continue;
    }
    const bool is_first = days.empty();
    if (each.revision != 1) return wrong(each, "revises a day that was not stated");
    if (each.from != (is_first ? 0 : days.back().to))
      return wrong(each, "does not begin where the one before ends");
    if (each.sequence != (is_first ? 0 : days.back().sequence + days.back().count) ||
        each.chain_before != (is_first ? chain_start(device) : days.back().chain_after))
      return wrong(each, "does not continue the chain of the one before");
    revision = 1;
    days.push_back(std::move(each));
  }
  return days;
}

/// Follows a chain through the statements.
class ChainWalk {
 public:
  ChainWalk(std::string_view device, const std::vector<DayStatement>& days)
      : days_(days), link_(chain_start(device)) {}

  [[nodiscard]] Status entry(std::uint64_t index, const Digest& leaf) {
    while (next_ < days_.size() && index >= days_[next_].to) MJ_CHECK(end());
    if (next_ < days_.size() && index < days_[next_].from)
      return wrong(days_[next_], fmt::format("begins behind entry {}, which is in no statement", index));
    link_ = chain_next(link_, leaf);
    ++sequence_;
    return {};
  }
  /// The entries of the next statement are over.
  [[nodiscard]] Status end() {
    const DayStatement& day = days_[next_++];
    if (sequence_ != day.sequence + day.count) {
      return wrong(day, fmt::format("counts {} entries, the log holds {}", day.count, sequence_ - day.sequence));
    }
    if (link_ != day.chain_after)
      return wrong(day, "is about other entries than the log holds, or in another order");
    return {};
  }
  [[nodiscard]] bool finished() const { return next_ == days_.size(); }
  [[nodiscard]] ChainState state() const { return {sequence_, link_}; }

 private:
  const std::vector<DayStatement>& days_;
  std::size_t next_ = 0;
  Digest link_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

Status CustodyBook::check(const evidence::Log& log, std::string_view device) const {
  std::optional<DeviceNumber> number;
  ChainState last;
  std::uint64_t position = 0;
  auto all = impl_->with_table([&](BookTable& table) -> Result<std::vector<DayStatement>> {
    number = impl_->chains.find(device);
    if (!number) return std::vector<DayStatement>();
    last = impl_->chains.at(*number).state;
    position = impl_->book.position;
    return Impl::read_statements(table.all_of(*number));
  });
  if (!all) return all.error();
  if (!number) return {};
  MJ_TRY(const std::vector<DayStatement> days, check_order(log, device, *std::move(all)));
  ChainWalk walk(device, days);
  std::int64_t after = -1;
  for (bool more = true; more;) {
    const auto blocks = impl_->with_table([&](BookTable& table) -> Result<std::vector<Block>> {
      return table.blocks(*number, 0, after, kBlocksPerRead);
    });
    if (!blocks) return blocks.error();
    more = std::cmp_equal(blocks->size(), kBlocksPerRead);
    for (const Block& block : *blocks) {
      if (std::cmp_not_equal(block.number, after + 1) || walk.state().entries != block.number * kBlockEntries ||
          walk.state().chain != block.chain_before) {
        return Error(ErrorCode::damaged,
                     fmt::format("block {} of {} in the book of custody does not continue its chain", block.number,
                                 device));
      }
      after = static_cast<std::int64_t>(block.number);
      for (const std::uint64_t index : block.entries) {
        if (index >= position) break;  // read since
        MJ_TRY(const Digest leaf, leaf_in_log(log, index, device));
        MJ_CHECK(walk.entry(index, leaf));
        if (walk.state().entries == last.entries && walk.state().chain != last.chain) {
          return Error(ErrorCode::damaged, fmt::format("the chain of {} differs from that of the log", device));
        }
      }
    }
  }
  while (!walk.finished()) MJ_CHECK(walk.end());
  if (walk.state().entries != last.entries) {
    return Error(ErrorCode::damaged, fmt::format("the book of custody knows {} entries of {} and lists {}",
                                                 last.entries, device, walk.state().entries));
  }
  return {};
}

}  // namespace mj::custody
