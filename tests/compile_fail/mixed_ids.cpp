// An id of one kind cannot stand in for another kind, nor can a bare number.
// expect: no (viable conversion|matching function)
#include "mj/kernel/id.hpp"

using PointId = mj::Id<struct PointTag>;
using FrameId = mj::Id<struct FrameTag>;

void open_point(PointId point);

void caller(PointId point, FrameId frame) {
#if MJ_MUST_FAIL
  (void)point;
  open_point(frame);
  open_point(7);
#else
  (void)frame;
  open_point(point);
#endif
}
