#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mj/registry/book.hpp"
#include "scratch.hpp"

namespace mj::registry {

inline const RegisterSchema& shipped_schema() {
  static const RegisterSchema schema = RegisterSchema::load(MJ_SOURCE_DIR "/rules/register.toml").value();
  return schema;
}

inline Day day(std::string_view text) { return parse_day(text).value(); }
inline AsOf on(std::string_view text) { return {day(text), {}}; }

/// A change as a caller writes it.
inline Change wish(std::string kind, std::string id, std::string_view effective, Attributes set,
                   std::optional<Action> action = std::nullopt) {
  Change change;
  change.kind = std::move(kind);
  change.id = std::move(id);
  change.effective = day(effective);
  change.set = std::move(set);
  change.action = action;
  return change;
}

/// A book over a log of its own.
class BookScene : public testing::Test {
 protected:
  void SetUp() override {
    log_ = evidence::Log::open(directory_.path() / "evidence", evidence::LogOptions{}).value();
    open();
  }
  void open() {
    book_.reset();
    book_ = Book::open(directory_.path() / "records", shipped_schema()).value();
  }
  /// As if the derived file were lost.
  void derive_again() {
    book_.reset();
    std::filesystem::remove_all(directory_.path() / "records");
    open();
    catch_up();
  }
  void catch_up() {
    while (book_->consume(*log_).value() > 0) {
    }
  }
  Result<Applied> apply(std::vector<Change> changes, std::optional<Approval> approval,
                        Faulty faulty = Faulty::refuse_all) {
    return book_->apply(*log_, changes, approval, author_, now_, faulty);
  }
  /// Approved, as every change must be.
  Result<Applied> apply(std::vector<Change> changes) { return apply(std::move(changes), approval_); }
  /// The text of the refusal; empty when there is none.
  std::string refusal(Change change) { return refusal(std::move(change), approval_); }
  std::string refusal(Change change, std::optional<Approval> approval) {
    const auto applied = apply({std::move(change)}, std::move(approval));
    return applied ? std::string() : applied.error().text();
  }
  std::string value(std::string_view kind, std::string_view id, std::string_view key, std::string_view as_of) {
    const auto record = book_->record(kind, id, on(as_of));
    return record ? record->get(key) : "no record";
  }
  void add_frame() {
    evidence_format::Entry entry;
    entry.payload = as_bytes("##");
    ASSERT_TRUE(log_->append_and_wait(entry));
  }

  const ScratchDirectory directory_;
  const Instant now_ = parse_iso("2026-11-22 08:00").value();
  const Author author_{"网络管理员", "按年度计划调整"};
  const Approval approval_{"渝环〔2026〕12号", "市生态环境局", day("2026-02-20")};
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<Book> book_;
};

}  // namespace mj::registry
