// Room on the disk: how much there is, and a reserve for the last moment.
extension RocksDatabase {
    /// The reserve's size in bytes.
    package static let ballastBytes = 64 << 20

    /// How much room the store's file system has.
    package func diskSpace() throws(RocksError) -> DiskSpace {
        try StoreDirectory.space(path)
    }

    /// Occupies `bytes` of the file system, so that there is something to give up when it is full;
    /// throws `full` when there is not so much. Nothing is done when the reserve exists.
    package func keepBallast(bytes: Int = RocksDatabase.ballastBytes) throws(RocksError) {
        try StoreDirectory.occupy(path + "/" + StoreDirectory.ballastName, bytes: bytes)
    }

    /// Gives up the reserve of the store in `path`, open or not; answers whether there was one.
    @discardableResult
    package static func releaseBallast(path: String) throws(RocksError) -> Bool {
        try StoreDirectory.remove(path + "/" + StoreDirectory.ballastName)
    }
}
