#include "day_marks.hpp"

#include "day.hpp"

namespace mj::custody {

void DayMarks::enter(Instant day) {
  current_day_ = day;
  begin_ms_ = day.ms();
  end_ms_ = day.ms() + kDayMs;
}

void DayMarks::change_day(Instant received_at, std::uint64_t entry, const DeviceChains& chains) {
  const Instant day = day_of(received_at);
  if (!current_day_) {
    first_day_ = day;
  } else if (day > *current_day_) {
    // Days between, on which nothing was received, end at the same place: find() looks for the mark before.
    marks_.insert_or_assign(*current_day_, Mark{entry, chains.states()});
    changed_.insert(*current_day_);
  } else {
    // The clock stepped back: what was taken for the end of this day, and of later ones, was none.
    for (auto mark = marks_.lower_bound(day); mark != marks_.end(); mark = marks_.erase(mark))
      changed_.insert(mark->first);
  }
  enter(day);
}

DayEnd DayMarks::find(Instant day) const {
  if (!current_day_ || day >= *current_day_) return {true, nullptr};
  const auto after = marks_.upper_bound(day);
  return {false, after == marks_.begin() ? nullptr : &std::prev(after)->second};
}

void DayMarks::prune(Instant closed) {
  while (marks_.size() > 1 && std::next(marks_.begin())->first <= closed) {
    changed_.insert(marks_.begin()->first);
    marks_.erase(marks_.begin());
  }
}

void DayMarks::load(std::optional<Instant> first_day, std::optional<Instant> current_day,
                    std::map<Instant, Mark> marks) {
  *this = DayMarks();
  first_day_ = first_day;
  if (current_day) enter(*current_day);
  marks_ = std::move(marks);
}

}  // namespace mj::custody
