//! 提醒预警: notices, deliveries, ways and wishes.
