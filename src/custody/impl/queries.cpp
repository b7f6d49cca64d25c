#include <chrono>

#include "book_impl.hpp"
#include "explanation.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/text.hpp"
#include "mj/outbox/outbox.hpp"

namespace mj::custody {
namespace {

constexpr int kBlocksAtOnce = 64;

}  // namespace

Result<Digest> leaf_in_log(const evidence::Log& log, std::uint64_t index, std::string_view device) {
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(index), 1, 1));
  if (batch.entries.empty()) {
    return Error(ErrorCode::damaged, fmt::format("entry {} of {} is not in the log", index, device));
  }
  const evidence_format::Entry& entry = batch.entries.front().entry;
  if (entry.device != device || !is_chained(entry)) {
    return Error(ErrorCode::damaged, fmt::format("entry {} is none of {}", index, device));
  }
  Bytes encoded;
  MJ_CHECK(evidence_format::encode(entry, encoded));
  return evidence_format::leaf_hash(encoded);
}

Result<std::vector<DayStatement>> CustodyBook::Impl::read_statements(
    const std::vector<std::pair<std::uint64_t, std::string>>& payloads) {
  std::vector<DayStatement> statements;
  for (const auto& [entry, payload] : payloads) {
    MJ_TRY(DayStatement statement, parse_statement(payload));
    statement.entry = entry;
    statements.push_back(std::move(statement));
  }
  return statements;
}

Result<std::vector<DayStatement>> CustodyBook::statements(std::string_view device, Instant from,
                                                          Instant to) const {
  return impl_->with_table([&](BookTable& table) -> Result<std::vector<DayStatement>> {
    const auto number = impl_->chains.find(device);
    if (!number) return std::vector<DayStatement>();
    return Impl::read_statements(table.newest_on(*number, from, to));
  });
}

Result<std::vector<DayStatement>> CustodyBook::covering(std::string_view device, std::uint64_t from,
                                                        std::uint64_t to) const {
  return impl_->with_table([&](BookTable& table) -> Result<std::vector<DayStatement>> {
    const auto number = impl_->chains.find(device);
    const std::uint64_t stated = number ? impl_->chains.at(*number).stated.to : 0;
    if (from >= to) return std::vector<DayStatement>();
    if (stated < to) {
      return Error(
          ErrorCode::not_found,
          fmt::format("the entries from {} on are in no statement of {} yet: its days are closed after midnight",
                      std::max(from, stated), device));
    }
    return Impl::read_statements(table.newest_over(*number, from, to));
  });
}

Result<std::vector<Link>> CustodyBook::links(std::string_view device, std::uint64_t from, std::uint64_t to,
                                             std::size_t limit) const {
  std::vector<Link> links;
  std::int64_t after = -1;
  const evidence::Log* log = nullptr;
  for (;;) {
    const auto blocks = impl_->with_table([&](BookTable& table) -> Result<std::vector<Block>> {
      const auto number = impl_->chains.find(device);
      if (!number) return std::vector<Block>();
      if (impl_->log == nullptr)
        return Error(ErrorCode::unavailable, "the book of custody has not looked into the log yet");
      log = impl_->log;
      return table.blocks(*number, from, after, kBlocksAtOnce);
    });
    if (!blocks) return blocks.error();
    for (const Block& block : *blocks) {
      after = static_cast<std::int64_t>(block.number);
      Link link{0, block.number * kBlockEntries, block.chain_before};
      for (const std::uint64_t entry : block.entries) {
        if (entry >= to || links.size() >= limit) return links;
        MJ_TRY(const Digest leaf, leaf_in_log(*log, entry, device));
        link.entry = entry;
        link.chain = chain_next(link.chain, leaf);
        if (entry >= from) links.push_back(link);
        ++link.sequence;
      }
    }
    if (std::cmp_less(blocks->size(), kBlocksAtOnce)) return links;
  }
}

Result<std::vector<std::uint64_t>> CustodyBook::newest_entries(std::string_view device, std::uint64_t before,
                                                               std::size_t limit) const {
  return impl_->with_table([&](BookTable& table) -> Result<std::vector<std::uint64_t>> {
    std::vector<std::uint64_t> newest;
    const auto number = impl_->chains.find(device);
    if (!number) return newest;
    const std::uint64_t known = impl_->chains.at(*number).state.entries;
    // Blocks beyond the first that reaches `before` hold nothing that is asked for.
    MJ_TRY(const std::vector<Block> reaching, table.blocks(*number, before, -1, 1));
    auto next = static_cast<std::int64_t>(reaching.empty() ? known / kBlockEntries : reaching.front().number);
    for (; next >= 0 && newest.size() < limit; --next) {
      MJ_TRY(const std::vector<Block> blocks, table.blocks(*number, 0, next - 1, 1));
      if (blocks.empty() || std::cmp_not_equal(blocks.front().number, next)) continue;
      const std::vector<std::uint64_t>& entries = blocks.front().entries;
      for (auto entry = entries.rbegin(); entry != entries.rend() && newest.size() < limit; ++entry) {
        if (*entry < before) newest.push_back(*entry);
      }
    }
    return newest;
  });
}

Result<std::vector<Explanation>> CustodyBook::explanations(std::string_view device) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->explanations.find(std::string(device));
  return found == impl_->explanations.end() ? std::vector<Explanation>() : found->second;
}

Result<Explanation> CustodyBook::explain(evidence::Log& log, Explanation explanation, Instant now) {
  MJ_TRY(explanation.name, clean_text(explanation.name, kMaxNameCharacters, "name"));
  MJ_TRY(explanation.reason, clean_text(explanation.reason, kMaxReasonCharacters, "reason"));
  if (explanation.from >= explanation.to) {
    return Error(ErrorCode::invalid_input, "an explanation is about a time that ends after it begins");
  }
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->network.find_device(explanation.device) == nullptr && !impl_->chains.find(explanation.device)) {
      return Error(ErrorCode::invalid_input, fmt::format("there is no device {}", explanation.device));
    }
  }
  const std::string payload = to_json(explanation);
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::decision;
  entry.received_at = now;
  entry.payload = as_bytes(payload);
  MJ_TRY(const evidence::EntryIndex index, log.append_and_wait(entry));
  explanation.entry = index.raw();
  return explanation;
}

Status CustodyBook::check_outbox(const evidence::Log& log) const {
  return impl_->with_table([&](BookTable& table) { return outbox::check(table.session(), log); });
}

}  // namespace mj::custody
