#include "mj/custody/custody_book.hpp"

#include "book_impl.hpp"
#include "explanation.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/outbox/outbox.hpp"
#include "mj/runtime/log.hpp"
#include "statement_json.hpp"

namespace mj::custody {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "custody.sqlite";
constexpr std::size_t kReadEntries = 16384;
constexpr std::size_t kReadBytes = 8U << 20;
/// Entries read between two commits: each commit writes a row for every device that was heard.
constexpr std::uint64_t kMostUncommitted = 1U << 19;

Error cannot(std::string_view what, const std::exception& failure) {
  return Error(ErrorCode::unavailable, fmt::format("the book of custody cannot be {}: {}", what, failure.what()));
}

}  // namespace

Status CustodyBook::Impl::load() {
  try {
    MJ_TRY(book, table->load(chains, marks, explanations));
  } catch (const std::exception& failure) {
    return cannot("read", failure);
  }
  committed = book.position;
  new_statements.clear();
  new_explanations.clear();
  reload = false;
  return {};
}

Status CustodyBook::Impl::begin_anew() {
  try {
    soci::session& session = table->session();
    soci::transaction transaction(session);
    for (const char* name :
         {"custody_device", "custody_block", "custody_mark", "custody_statement", "custody_explanation"}) {
      session << "DELETE FROM " << name;
    }
    session << "UPDATE custody_book SET position = 0, first_day = NULL, current_day = NULL, closed_day = NULL";
    transaction.commit();
    // What waits there is about places of a log that is no more.
    MJ_CHECK(outbox::forget(session));
  } catch (const std::exception& failure) {
    return cannot("begun anew", failure);
  }
  said_until = 0;
  required.reset();
  return load();
}

Status CustodyBook::Impl::commit() {
  try {
    table->commit({book, chains, marks, new_statements, new_explanations});
  } catch (const std::exception& failure) {
    reload = true;
    return cannot("written", failure);
  }
  chains.forget_changes();
  marks.forget_changes();
  new_statements.clear();
  new_explanations.clear();
  committed = book.position;
  return {};
}

Status CustodyBook::Impl::commit_if_dirty() {
  if (reload) return load();
  return book.position == committed ? Status() : commit();
}

void CustodyBook::Impl::take_statement(const evidence::StoredEntry& stored) {
  const std::string_view payload = as_text(stored.entry.payload);
  if (!payload.starts_with(kStatementBegin)) return;
  auto statement = parse_statement(payload);
  if (!statement || statement->device != stored.entry.device) {
    runtime::log(runtime::Level::warning, "custody", "entry {} is no statement of a device's day: {}",
                 stored.index.raw(), statement ? "it names another device" : statement.error().text());
    return;
  }
  statement->entry = stored.index.raw();
  const DeviceNumber device = chains.find_or_add(statement->device);
  const auto& stated = chains.at(device).stated;
  if (!stated.day || statement->day > *stated.day) {
    chains.note_stated(
        device, {statement->day, statement->to, {statement->sequence + statement->count, statement->chain_after}});
    if (!book.closed_day || statement->day > *book.closed_day) {
      // Days before this one are closed for good: nobody asks again where they ended.
      if (book.closed_day) marks.prune(*book.closed_day);
      book.closed_day = statement->day;
    }
  }
  new_statements.emplace_back(device, StatementRow{*std::move(statement), std::string(payload)});
}

void CustodyBook::Impl::take_explanation(const evidence::StoredEntry& stored) {
  auto explanation = parse_explanation(as_text(stored.entry.payload));
  if (!explanation) return;
  explanation->entry = stored.index.raw();
  explained.insert(explanation->device);
  explanations[explanation->device].push_back(*explanation);
  new_explanations.push_back(*std::move(explanation));
}

Status CustodyBook::Impl::step(const evidence::StoredEntry& stored) {
  const evidence_format::Entry& entry = stored.entry;
  marks.step(entry.received_at, stored.index.raw(), chains);
  if (entry.type == evidence_format::EntryType::event) {
    take_statement(stored);
    return {};
  }
  if (entry.type == evidence_format::EntryType::decision) take_explanation(stored);
  if (entry.device.empty()) return {};
  auto device = chains.find(entry.device);
  if (!device) {
    if (!is_chained(entry)) return {};
    device = chains.find_or_add(entry.device);
  }
  encoded.clear();
  MJ_CHECK(evidence_format::encode(entry, encoded));
  chains.append(*device, stored.index.raw(), evidence_format::leaf_hash(encoded));
  return {};
}

CustodyBook::CustodyBook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

CustodyBook::~CustodyBook() {
  if (Status flushed = flush(); !flushed)
    runtime::log(runtime::Level::warning, "custody", "{}", flushed.error().text());
}

Result<std::unique_ptr<CustodyBook>> CustodyBook::open(const fs::path& directory, const registry::Network& network,
                                                       Rules rules) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot create {}: {}", directory.string(), failure.message()));
  }
  auto impl = std::make_unique<Impl>(network, rules);
  MJ_TRY(impl->table, BookTable::open(directory / kFileName));
  MJ_CHECK(impl->load());
  return std::unique_ptr<CustodyBook>(new CustodyBook(std::move(impl)));
}

Result<std::size_t> CustodyBook::consume(const evidence::Log& log) {
  Impl& impl = *impl_;
  const std::lock_guard lock(impl.mutex);
  if (impl.reload) MJ_CHECK(impl.load());
  impl.log = &log;
  const std::uint64_t end = log.size();
  if (impl.book.position > end) {
    runtime::log(runtime::Level::warning, "custody",
                 "the book stands at entry {} of a log of {}: deriving it again", impl.book.position, end);
    MJ_CHECK(impl.begin_anew());
  }
  if (impl.book.position == end) return std::size_t{0};
  const std::size_t most = std::min<std::uint64_t>(kReadEntries, end - impl.book.position);
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(impl.book.position), most, kReadBytes));
  for (const evidence::StoredEntry& stored : batch.entries) {
    if (Status done = impl.step(stored); !done) {
      impl.reload = true;
      return done.error();
    }
  }
  impl.book.position += batch.entries.size();
  if (impl.book.position - impl.committed >= kMostUncommitted) MJ_CHECK(impl.commit());
  return batch.entries.size();
}

std::uint64_t CustodyBook::position() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->book.position;
}

Status CustodyBook::flush() {
  const std::lock_guard lock(impl_->mutex);
  return impl_->reload ? Status() : impl_->commit_if_dirty();
}

Status remove_book(const fs::path& directory) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code failure;
    fs::remove((directory / kFileName).string() + suffix, failure);
    if (failure)
      return Error(ErrorCode::unavailable,
                   fmt::format("cannot remove the book of custody: {}", failure.message()));
  }
  return {};
}

}  // namespace mj::custody
