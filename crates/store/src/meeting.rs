//! 组织生活: meetings, attendance, resolutions, learning hours.
