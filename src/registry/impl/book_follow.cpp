#include <algorithm>

#include <fmt/format.h>

#include "book_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::registry {
namespace {

constexpr const char* kBookFile = "book.sqlite";
constexpr std::size_t kReadAtOnce = 65'536;
constexpr std::size_t kReadBytesAtOnce = 8U << 20;
/// Entries passed over before the position is committed although they held no decision.
constexpr std::uint64_t kMostPassedOver = 1'000'000;

Error book_error(std::string_view act, const std::exception& failure) {
  return {ErrorCode::unavailable, fmt::format("register: {}: {}", act, failure.what())};
}

}  // namespace

bool Book::Impl::take(RecordedDecision recorded, RegisterDecision decision, BookContent& into) {
  auto& parts = open_batches[decision.batch];
  const std::string batch = decision.batch;
  const std::uint64_t needed = decision.parts;
  const std::uint64_t number = decision.part;
  parts.try_emplace(number, std::move(recorded), std::move(decision));
  if (parts.size() < needed) return false;
  const std::uint64_t known = std::max_element(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
                                return a.second.first.entry < b.second.first.entry;
                              })->second.first.entry;
  for (auto& [part, both] : parts) {
    auto& [stored, whole] = both;
    for (RecordedChange& change : whole.changes) {
      HistoryStep step;
      step.action = change.action;
      step.effective = change.effective;
      step.set = std::move(change.set);
      step.clear = std::move(change.clear);
      step.approval = whole.approval;
      step.author = whole.author;
      step.at = stored.at;
      step.entry = stored.entry;
      step.known = known;
      into.add(change.kind, change.id, std::move(step));
    }
  }
  open_batches.erase(batch);
  return true;
}

void Book::Impl::publish(std::shared_ptr<const BookContent> changed) {
  const std::lock_guard lock(state_mutex);
  if (changed) {
    content = std::move(changed);
    point_sets.clear();
    ++revision;
  }
  position = next;
  consumed.notify_all();
}

Status Book::Impl::begin_anew() {
  try {
    table->begin_anew();
  } catch (const std::exception& failure) {
    return book_error("cannot begin anew", failure);
  }
  next = committed = 0;
  open_batches.clear();
  publish(std::make_shared<const BookContent>());
  return {};
}

Status Book::Impl::commit(const std::vector<RecordedDecision>& decisions, std::uint64_t position_then) {
  try {
    table->commit(decisions, position_then);
  } catch (const std::exception& failure) {
    return book_error("cannot be written", failure);
  }
  committed = position_then;
  return {};
}

Result<std::size_t> Book::Impl::consume(const evidence::Log& log) {
  const std::lock_guard lock(consume_mutex);
  if (next > log.size()) {
    runtime::log(runtime::Level::warning, "registry",
                 "the register stands at entry {} of a log of {}: reading the log again", next, log.size());
    MJ_CHECK(begin_anew());
  }
  if (next == log.size()) return std::size_t{0};
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(next), kReadAtOnce, kReadBytesAtOnce));
  std::vector<RecordedDecision> decisions;
  std::vector<RegisterDecision> decoded;
  for (const evidence::StoredEntry& stored : batch.entries) {
    if (stored.entry.type != evidence_format::EntryType::decision) continue;
    auto decision = decode_changes(stored.entry.payload);
    if (!decision) continue;
    decisions.push_back(
        {stored.index.raw(), stored.entry.received_at, std::string(as_text(stored.entry.payload))});
    decoded.push_back(*std::move(decision));
  }
  const std::uint64_t after = next + batch.entries.size();
  if (!decisions.empty() || after - committed >= kMostPassedOver) MJ_CHECK(commit(decisions, after));
  next = after;
  std::shared_ptr<BookContent> changed;
  if (!decisions.empty()) {
    changed = std::make_shared<BookContent>(*now());
    bool any = false;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      any = take(std::move(decisions[i]), std::move(decoded[i]), *changed) || any;
    }
    if (!any) changed.reset();
  }
  publish(std::move(changed));
  return batch.entries.size();
}

Status Book::Impl::catch_up(const evidence::Log& log, std::uint64_t entries) {
  for (;;) {
    {
      const std::lock_guard lock(state_mutex);
      if (position >= entries) return {};
    }
    MJ_TRY(const std::size_t taken, consume(log));
    // Nothing was left, perhaps because another thread took it.
    if (taken == 0) {
      const std::lock_guard lock(state_mutex);
      if (position < entries) {
        return Error(ErrorCode::unavailable, fmt::format("the log has {} entries, not {}", position, entries));
      }
    }
  }
}

Result<std::unique_ptr<Book>> Book::open(const std::filesystem::path& directory, const RegisterSchema& schema) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot create {}: {}", directory.string(), failure.message()));
  }
  auto impl = std::make_unique<Impl>(schema);
  MJ_TRY(impl->table, DecisionTable::open(directory / kBookFile));
  try {
    impl->next = impl->committed = impl->table->position();
    auto content = std::make_shared<BookContent>();
    for (RecordedDecision& recorded : impl->table->decisions()) {
      auto decision = decode_changes(as_bytes(recorded.payload));
      if (!decision) {
        return Error(ErrorCode::damaged,
                     fmt::format("{}: the decision of entry {} cannot be read; delete the file, it is "
                                 "derived again",
                                 (directory / kBookFile).string(), recorded.entry));
      }
      impl->take(std::move(recorded), *std::move(decision), *content);
    }
    impl->publish(std::move(content));
  } catch (const std::exception& error) {
    return book_error("cannot be read", error);
  }
  return std::unique_ptr<Book>(new Book(std::move(impl)));
}

Book::Book(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Book::~Book() {
  if (impl_->next == impl_->committed) return;
  if (const Status written = impl_->commit({}, impl_->next); !written) {
    runtime::log(runtime::Level::warning, "registry", "{}", written.error().text());
  }
}

Status remove_book(const std::filesystem::path& directory) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code failure;
    std::filesystem::remove((directory / kBookFile).string() + suffix, failure);
    if (failure) {
      return Error(ErrorCode::unavailable, fmt::format("cannot remove the register: {}", failure.message()));
    }
  }
  return {};
}

}  // namespace mj::registry
